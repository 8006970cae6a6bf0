import type { CiResult, Sandbox } from '@selfheal/contracts';
import { OutputTail } from '../deploy/tail.ts';
import { oneLine } from '../git/message.ts';

export interface CheckRequest {
  readonly head: string;
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Takes the secrets out of a line; called with each in order. */
  redact(line: string): string;
  onOutput?(line: string): void;
}

const SHOWN_LINES = 5;

/** Runs the checks confined, on a private checkout of the head. A command that fails or takes too long is a result, not an error. */
export async function runChecks(sandbox: Sandbox, request: CheckRequest): Promise<CiResult> {
  const { head, command, timeoutMs, signal, redact, onOutput } = request;
  onOutput?.(`checks of ${head.slice(0, 12)}: ${command}`);
  await using checkout = await sandbox.checkout(head);
  const run = await sandbox.run(checkout, command, { timeoutMs, signal });
  const tail = new OutputTail();
  for (const said of [run.stdout, run.stderr].filter((text) => text.trim() !== ''))
    for (const line of said.trimEnd().split('\n')) tail.add(redact(line));
  if (run.timedOut) tail.add(`stopped after ${timeoutMs} ms`);
  const output = tail.text();
  for (const line of output.trimEnd().split('\n').slice(-SHOWN_LINES)) onOutput?.(oneLine(line));
  return {
    passed: run.exitCode === 0 && !run.timedOut && run.signal === undefined,
    command,
    exitCode: run.exitCode,
    durationMs: run.durationMs,
    output,
    head,
  };
}
