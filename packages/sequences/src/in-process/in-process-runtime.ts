import { SelfhealError } from '@selfheal/contracts/errors';
import { interpret } from '../interpreter/interpret.ts';
import type { SequencePlan } from '../interpreter/plan.ts';
import { withRetry } from '../interpreter/retry.ts';
import type {
  BeatCall,
  ChildCall,
  Decision,
  DecisionRequest,
  EventOutcome,
  EventRequest,
  Runtime,
  SequenceResult,
} from '../interpreter/runtime.ts';
import { nearestName } from '../nearest.ts';
import { limitTime, realSleep } from './time-limit.ts';

export type Handler = (input: unknown, call: BeatCall) => unknown;

export interface InProcessOptions {
  readonly handlers: Readonly<Record<string, Handler>>;
  /** The sequences that child beats may name. */
  readonly plans?: readonly SequencePlan[];
  readonly decide?: (request: DecisionRequest) => Decision | Promise<Decision>;
  readonly receive?: (request: EventRequest) => EventOutcome | Promise<EventOutcome>;
  readonly onNotice?: (line: string) => void;
  /** @default setTimeout */
  readonly sleep?: (ms: number) => Promise<void>;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * A runtime of promises, for unit tests and dry runs: retries and time limits as an engine has them, nothing durable.
 * Without `decide` or `receive` a sequence that asks for a decision or waits for an event fails and says so.
 */
export function createInProcessRuntime(options: InProcessOptions): Runtime {
  return runtimeAt(options, 0);
}

/** Deeper than any sensible nesting of sequences: a circle that was not checked for ends here. */
const MAX_CHILD_DEPTH = 50;

function runtimeAt(options: InProcessOptions, depth: number): Runtime {
  const sleep = options.sleep ?? realSleep;
  return {
    runBeat: (call) => withRetry(call.retry, () => callHandler(options, call), { sleep }),
    sleep,
    startChild: (call) => runChild(options, call, depth + 1),
    awaitDecision: (request) => decide(options, request),
    awaitEvent: (request) => receive(options, request),
    now: options.now ?? Date.now,
    notice: options.onNotice ?? (() => undefined),
    withTimeout: limitTime,
  };
}

async function callHandler(options: InProcessOptions, call: BeatCall): Promise<unknown> {
  const handler = Object.hasOwn(options.handlers, call.handler) ? options.handlers[call.handler] : undefined;
  if (!handler) throw unknownName('HANDLER_UNKNOWN', call.handler, Object.keys(options.handlers));
  if (call.timeoutMs === undefined) return handler(call.input, call);
  const outcome = await limitTime(call.timeoutMs, async () => handler(call.input, call));
  if (!outcome.timedOut) return outcome.value;
  throw new SelfhealError('BEAT_TIMEOUT', `the handler "${call.handler}" did not answer within ${call.timeoutMs} ms`);
}

async function runChild(options: InProcessOptions, call: ChildCall, depth: number): Promise<SequenceResult> {
  const plans = options.plans ?? [];
  const plan = call.plan ?? plans.find((candidate) => candidate.id === call.sequence);
  if (!plan)
    throw unknownName(
      'SEQUENCE_UNKNOWN',
      call.sequence,
      plans.map((candidate) => candidate.id),
    );
  if (depth > MAX_CHILD_DEPTH) throw new SelfhealError('SEQUENCE_CYCLE', `"${call.sequence}" was started ${depth} levels deep`);
  return interpret(plan, call.input, runtimeAt(options, depth));
}

async function decide(options: InProcessOptions, request: DecisionRequest): Promise<Decision> {
  if (options.decide) return options.decide(request);
  throw new SelfhealError(
    'INPUT_INVALID',
    `the beat "${request.beat}" asks for a decision ("${request.prompt}") and no one is there to decide`,
  );
}

async function receive(options: InProcessOptions, request: EventRequest): Promise<EventOutcome> {
  if (options.receive) return options.receive(request);
  throw new SelfhealError('INPUT_INVALID', `the event "${request.event}" is waited for and nothing here can send it`);
}

function unknownName(code: 'HANDLER_UNKNOWN' | 'SEQUENCE_UNKNOWN', name: string, known: readonly string[]): SelfhealError {
  const nearest = nearestName(name, known);
  return new SelfhealError(code, nearest === undefined ? `"${name}"` : `"${name}"; did you mean "${nearest}"?`);
}
