import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DeployResult, SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { oneLine } from '../git/message.ts';
import { OutputLines } from './output-lines.ts';
import { OutputTail } from './tail.ts';

export interface DeployRequest {
  readonly command: string;
  readonly root: string;
  /** Folder that keeps what deploys print, redacted. */
  readonly logDir: string;
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Takes the secrets out of a line; called with each in order. */
  redact(line: string): string;
  onOutput?(line: string): void;
}

const POLL_MS = 200;
const KILL_AFTER_MS = 5_000;

/**
 * Runs the deploy command in the repository, in a session of its own and with a file as its output: what it starts may outlive it and us,
 * and nobody waits for a pipe that a started service holds open. That file has no name, so what is printed can be found nowhere but in
 * the redacted log. Fails with DEPLOY_FAILED, and with CANCELLED where the signal asked.
 */
export async function runDeploy(request: DeployRequest): Promise<DeployResult> {
  const { command, key, signal } = request;
  const started = Date.now();
  await mkdir(request.logDir, { recursive: true });
  const logFile = join(request.logDir, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.log`);
  await using log = await open(logFile, 'w', 0o600);
  await using printed = await openNameless();
  const { result, output } = await runToItsEnd(request, printed, log);
  if (signal.aborted) throw new SelfhealError('CANCELLED', `the deploy command was stopped: ${command}`);
  if (result.failed) {
    const how = result.timedOut ? `did not end within ${request.timeoutMs} ms` : `ended with ${result.exitCode ?? result.signal}`;
    throw new SelfhealError('DEPLOY_FAILED', `${command} ${how}: ${output.trim().slice(-800)}`, { where: { log: logFile } });
  }
  return { deployed: true, key, command, output, at: Date.now(), durationMs: Date.now() - started };
}

/** A file that is gone with its last reader and writer. */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-deploy-'));
  try {
    return await open(join(folder, 'output'), 'ax+', 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runToItsEnd(request: DeployRequest, printed: FileHandle, log: FileHandle) {
  const output = createWriteStream('', { fd: printed.fd, autoClose: false });
  const child = execa(request.command, {
    shell: true,
    cwd: request.root,
    env: request.env,
    extendEnv: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    detached: true,
    cleanup: false,
    reject: false,
    timeout: request.timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    cancelSignal: request.signal,
  });
  const lines = new OutputLines(printed);
  const tail = new OutputTail();
  const show = async (final: boolean) => {
    for await (const raw of lines.next(final)) {
      const line = request.redact(raw);
      tail.add(line);
      await log.write(`${line}\n`);
      if (line.trim() !== '') request.onOutput?.(oneLine(line));
    }
  };
  const ended = new AbortController();
  const following = follow(show, ended.signal);
  const [ran, shown] = await Promise.allSettled([child.finally(() => ended.abort()), following]);
  if (ran.status === 'rejected') throw ran.reason;
  if (shown.status === 'rejected') throw shown.reason;
  return { result: ran.value, output: tail.text() };
}

/** Shows what was printed every so often, and what is left at the end. */
async function follow(show: (final: boolean) => Promise<void>, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await delay(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
    await show(ended.aborted);
  }
}
