import { type ErrorCode, isSelfhealError } from '@selfheal/contracts/errors';
import { allBeats } from '../interpreter/all-beats.ts';
import { interpret } from '../interpreter/interpret.ts';
import type { SequencePlan } from '../interpreter/plan.ts';
import type { BeatCall, SequenceResult } from '../interpreter/runtime.ts';
import { createInProcessRuntime, type Handler } from './in-process-runtime.ts';
import type { SampleData } from './sample-data.ts';

/** One thing that a dry run did, or would have done. */
export interface DryStep {
  readonly beat: string;
  readonly sequence?: string;
  readonly handler?: string;
  /** ran: a pure handler was called; shown: it would be called with this input, and the output stands in; the others are not waited for. */
  readonly what: 'ran' | 'shown' | 'waited' | 'decided' | 'received';
  readonly input?: unknown;
  readonly output?: unknown;
  /** Where the output comes from that stands in. */
  readonly note?: string;
  readonly error?: string;
}

export interface DryRun {
  /** In the order in which they ended. */
  readonly steps: readonly DryStep[];
  /** Absent where the sequence failed. */
  readonly result?: SequenceResult;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

export interface DryRunOptions {
  readonly sample: SampleData;
  /** Handlers that compute on their input alone, by name: they really run. */
  readonly pure: Readonly<Record<string, (input: unknown) => unknown>>;
  /** The sequences that child beats may name. */
  readonly plans?: readonly SequencePlan[];
  /** An output of the handler's shape, for those that the sample gives none for; undefined where its shape is not known. */
  readonly standIn?: (handler: string) => unknown;
}

/**
 * Runs a sequence on sample data without side effects: pure handlers really run, of all others only what they would be given is shown, and the
 * sample's output (else one of their shape) stands in for theirs. Nothing is waited for, and nobody is asked.
 */
export async function dryRun(plan: SequencePlan, options: DryRunOptions): Promise<DryRun> {
  const steps: DryStep[] = [];
  const runtime = createInProcessRuntime({
    handlers: handlersOf(plan, options, steps),
    plans: options.plans ?? [],
    onNotice: () => undefined,
    sleep: async (ms) => void steps.push({ beat: 'wait', what: 'waited', note: `${ms} ms, not waited for` }),
    decide: async ({ beat, prompt, sequence, subject }) => {
      const given = own(options.sample.decisions, beat);
      const decision = given ?? { approved: true, by: 'dry run' };
      const input = { prompt, ...(subject === undefined ? {} : { subject }) };
      steps.push({ beat, sequence, what: 'decided', input, output: decision, ...from(given) });
      return decision;
    },
    receive: async ({ event }) => {
      const given = own(options.sample.events, event);
      const outcome = given === null ? { received: false } : { received: true, payload: given ?? {} };
      steps.push({ beat: event, what: 'received', output: outcome, ...from(given) });
      return outcome;
    },
  });
  try {
    return { steps, result: await interpret(plan, options.sample.input, runtime) };
  } catch (error) {
    // The interpreter gives every failure a code; any other is a defect.
    if (!isSelfhealError(error)) throw error;
    return { steps, error: { code: error.code, message: error.message } };
  }
}

function handlersOf(plan: SequencePlan, options: DryRunOptions, steps: DryStep[]): Record<string, Handler> {
  const plans = [plan, ...Object.values(plan.children ?? {}), ...(options.plans ?? [])];
  const names = plans.flatMap((one) => allBeats(one).flatMap((beat) => (beat.form === 'handler' ? [beat.handler] : [])));
  const turns = new Map<string, number>();
  return Object.fromEntries(names.map((name) => [name, (_: unknown, call: BeatCall) => step(call, options, steps, turns)]));
}

async function step(
  call: BeatCall,
  { pure, sample, standIn }: DryRunOptions,
  steps: DryStep[],
  turns: Map<string, number>,
): Promise<unknown> {
  const { beat, handler, input, sequence } = call;
  const run = own(pure, handler);
  if (run === undefined) {
    const given = sampleOutput(call, sample, turns);
    const output = given ?? standIn?.(handler) ?? {};
    const note = given === undefined ? { note: 'made up: the sample data gives no output for it' } : {};
    steps.push({ beat, sequence, handler, what: 'shown', input, output, ...note });
    return output;
  }
  try {
    const output = await run(input);
    steps.push({ beat, sequence, handler, what: 'ran', input, output });
    return output;
  } catch (error) {
    steps.push({ beat, sequence, handler, what: 'ran', input, error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function sampleOutput({ beat, handler }: BeatCall, { outputs }: SampleData, turns: Map<string, number>): unknown {
  const given = own(outputs, beat) ?? own(outputs, handler);
  const each = typeof given === 'object' && given !== null && '$each' in given ? given.$each : undefined;
  if (!Array.isArray(each)) return given;
  const turn = turns.get(beat) ?? 0;
  turns.set(beat, turn + 1);
  return each[Math.min(turn, each.length - 1)];
}

function from(given: unknown): { note?: string } {
  return given === undefined ? { note: 'made up: the sample data says nothing of it' } : {};
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
