import { createInProcessRuntime, type InProcessOptions } from '../in-process/in-process-runtime.ts';
import { interpret } from '../interpreter/interpret.ts';
import type { SequencePlan } from '../interpreter/plan.ts';
import type { BeatCall, Runtime, SequenceResult } from '../interpreter/runtime.ts';
import type { ReadOptions } from '../reader/options.ts';
import { type ReadResult, readSequence } from '../reader/read-sequence.ts';

/** For tests: reads, runs and records without repeating the set-up. */

export function readDocument(document: unknown, options: Partial<ReadOptions> = {}): ReadResult {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  return readSequence(text, { file: 'test.json', ...options });
}

/** The plan of a document of any kind; fails with its errors. */
export function planOf(document: unknown, options: Partial<ReadOptions> = {}): SequencePlan {
  const { plan, diagnostics } = readDocument(document, options);
  if (!plan) throw new Error(`no plan: ${JSON.stringify(diagnostics, null, 1)}`);
  return plan;
}

/** A document of our own format around some beats. */
export function own(beats: readonly unknown[], rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { $schema: 'sequence.schema.json', id: 'test', name: 'Test', movements: [{ id: 'only', beats }], ...rest };
}

/** An if beat of a document. */
export function choice(
  test: unknown,
  yes: readonly unknown[],
  no?: readonly unknown[],
  rest: Readonly<Record<string, unknown>> = {},
): unknown {
  // biome-ignore lint/suspicious/noThenProperty: the documents' own word; a document is never awaited
  return { ...rest, if: test, then: yes, ...(no && { else: no }) };
}

/** A place in another tool's text: `${path}`. */
export function dollar(path: string): string {
  return `\${${path}}`;
}

export interface Recorded {
  readonly runtime: Runtime;
  /** The handlers called, in order. */
  readonly calls: string[];
  readonly sleeps: number[];
  readonly notices: string[];
}

/** An in-process runtime whose sleeps end at once and whose clock stands still. */
export function recorded(options: Partial<InProcessOptions> = {}): Recorded {
  const calls: string[] = [];
  const sleeps: number[] = [];
  const notices: string[] = [];
  const handlers = Object.fromEntries(
    Object.entries(options.handlers ?? {}).map(([name, handler]) => [
      name,
      (input: unknown, call: BeatCall) => {
        calls.push(name);
        return handler(input, call);
      },
    ]),
  );
  const runtime = createInProcessRuntime({
    onNotice: (line) => notices.push(line),
    sleep: async (ms) => {
      sleeps.push(ms);
    },
    now: () => Date.UTC(2026, 10, 21),
    ...options,
    handlers,
  });
  return { runtime, calls, sleeps, notices };
}

export async function runBeats(
  beats: readonly unknown[],
  handlers: InProcessOptions['handlers'],
  input: unknown = {},
  options: Partial<InProcessOptions> = {},
): Promise<SequenceResult & Recorded> {
  const rig = recorded({ ...options, handlers });
  return { ...(await interpret(planOf(own(beats)), input, rig.runtime)), ...rig };
}
