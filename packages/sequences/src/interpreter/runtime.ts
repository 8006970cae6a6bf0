export type { AiRemediationPlan } from './plan.ts';

import type { AiRemediationPlan, BeatKind, RetryPlan, SequencePlan, SequenceStatus } from './plan.ts';

/**
 * The port between the interpreter and an engine. Temporal implements it in production, promises in unit tests.
 * Whatever the interpreter learns about the world it learns here, so a run is a pure function of these answers.
 */
export interface Runtime {
  /** Runs one handler; the engine applies `timeoutMs` and `retry`. Rejects when the last attempt failed. */
  runBeat(call: BeatCall): Promise<unknown>;
  sleep(ms: number): Promise<void>;
  startChild(call: ChildCall): Promise<SequenceResult>;
  /** True where beats with `aiRemediation` are remediated when they have failed for good. */
  readonly remediates?: boolean;
  awaitDecision(request: DecisionRequest): Promise<Decision>;
  awaitEvent(request: EventRequest): Promise<EventOutcome>;
  /** Milliseconds since 1970, the same on every replay. */
  now(): number;
  /** One line for people. */
  notice(line: string): void;
  /**
   * Runs something for at most `ms` and ends it then; an engine that can cancel what it started does so here.
   * Without it the interpreter races against `sleep` and starts no further beat once time is up.
   */
  withTimeout?<T>(ms: number, run: () => Promise<T>): Promise<TimedOutcome<T>>;
  /** True for the engine's own cancellation, which passes through unchanged and is never retried or continued after. */
  isCancellation?(error: unknown): boolean;
}

/** What an engine offers beside running beats and sequences. */
export type Waits = Omit<Runtime, 'runBeat' | 'startChild' | 'remediates'>;

export type TimedOutcome<T> = { readonly timedOut: true } | { readonly timedOut: false; readonly value: T };

/** Runs a beat by `run`, and decides on it where it has failed for good. */
export type Remediate = (call: BeatCall, plan: AiRemediationPlan, run: (input: unknown) => Promise<unknown>) => Promise<unknown>;

export interface BeatCall {
  readonly sequence: string;
  readonly movement: string;
  readonly beat: string;
  readonly handler: string;
  readonly kind: BeatKind;
  readonly event?: string;
  readonly input: unknown;
  readonly timeoutMs?: number;
  readonly retry?: RetryPlan;
  readonly aiRemediation?: AiRemediationPlan;
  /** 1, 2, 3 … over the handler calls of one run: tells repeated calls of one beat apart. */
  readonly ordinal: number;
}

export interface ChildCall {
  readonly sequence: string;
  readonly input: unknown;
  readonly beat: string;
  readonly plan?: SequencePlan;
}

export interface DecisionRequest {
  readonly sequence: string;
  readonly beat: string;
  readonly prompt: string;
  readonly subject?: unknown;
  readonly timeoutMs?: number;
  /** What a decision that never came counts as. */
  readonly onTimeout?: 'approve' | 'reject';
}

export interface Decision {
  readonly approved: boolean;
  readonly by?: string;
  readonly why?: string;
}

export interface EventRequest {
  readonly event: string;
  readonly timeoutMs?: number;
}

export interface EventOutcome {
  readonly received: boolean;
  readonly payload?: unknown;
}

export interface SequenceResult {
  readonly sequence: string;
  readonly status: SequenceStatus;
  /** Why it was stopped or rejected, where the document says. */
  readonly reason?: string;
  /** The document's `output` mapping, else the fields of all outputs merged in order. */
  readonly output: Record<string, unknown>;
  /** Every beat's own output. */
  readonly outputs: Record<string, unknown>;
  readonly failures: BeatFailure[];
}

/** A failure that the sequence went on after. */
export interface BeatFailure {
  readonly beat: string;
  readonly movement: string;
  readonly handler?: string;
  readonly code: string;
  readonly message: string;
}
