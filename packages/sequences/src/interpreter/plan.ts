import type { AiRemediationOptions } from '@selfheal/contracts';

/**
 * The plan: a sequence after reading. Plain JSON data, frozen by the reader, so that it can travel in a workflow's
 * input: editing a document never touches a run under way. All times are milliseconds.
 */

/** Which kind of document a plan came from. */
export type SequenceFormat = 'selfheal' | 'conductor' | 'workflow' | 'builder' | 'package-graph';

export type Severity = 'error' | 'warning' | 'info';

/** A finding with its place in a document; `line` and `column` count from 1, `path` is like `movements[0].beats[2].handler`. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly expected?: string;
  readonly nearest?: string;
}

export interface SequencePlan {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly format: SequenceFormat;
  /** The file it was read from. */
  readonly source: string;
  readonly timeoutMs?: number;
  /** Folder of the project that it works on, relative to the document. */
  readonly project?: string;
  /** What the sequence expects in its input: name → description. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly trigger?: TriggerPlan;
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  /** What a foreign document says beyond running it: sample input, expected output, owner, tempo. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly movements: readonly Movement[];
  readonly output?: InputMapping;
  /** What the document asks for and this version does not do, each with its place. */
  readonly unsupported: readonly Diagnostic[];
  /** Plans of the sequences that this one calls, by id (see `linkPlans`). */
  readonly children?: Readonly<Record<string, SequencePlan>>;
}

/** What starts a foreign workflow. It is kept for the caller; the interpreter does not act on it. */
export interface TriggerPlan {
  readonly type: string;
  readonly event?: string;
  readonly cron?: string;
}

export interface Movement {
  readonly id: string;
  readonly name: string;
  readonly beats: readonly BeatPlan[];
}

export type BeatPlan =
  | HandlerBeat
  | IfBeat
  | ParallelBeat
  | ForEachBeat
  | WaitBeat
  | ApprovalBeat
  | SequenceBeat
  | GraphBeat
  | StopBeat
  | GotoBeat;

export type BeatForm = BeatPlan['form'];
export type BeatKind = 'pure' | 'stage-crew';
export type BeatTiming = 'immediate' | 'async';
export type ErrorHandling = 'abort' | 'continue' | 'retry';

export interface BeatBase {
  /** Unique within its sequence. */
  readonly id: string;
  readonly title?: string;
  readonly event?: string;
  readonly timing: BeatTiming;
  readonly retry?: RetryPlan;
  readonly timeoutMs?: number;
  /** A pause before the beat: the after-beat timing of conductor documents. */
  readonly delayMs?: number;
  readonly errorHandling: ErrorHandling;
  readonly aiRemediation?: AiRemediationPlan;
  readonly at: { readonly line: number; readonly column: number };
  /** The beat is skipped where this does not hold. */
  readonly when?: Condition;
}

/** Attempt n+1 starts `initialIntervalMs * backoff^(n-1)` after attempt n failed, at most `maximumIntervalMs`. */
export interface RetryPlan {
  readonly maximumAttempts: number;
  readonly initialIntervalMs: number;
  readonly backoff: number;
  readonly maximumIntervalMs: number;
}

/** As the document says, with the number of attempts filled in. */
export type AiRemediationPlan = Readonly<AiRemediationOptions> & { readonly maxAiRetries: number };

export interface HandlerBeat extends BeatBase {
  readonly form: 'handler';
  readonly handler: string;
  readonly kind: BeatKind;
  /** Without it the handler gets the baton. */
  readonly input?: InputMapping;
}

export interface IfBeat extends BeatBase {
  readonly form: 'if';
  readonly condition: Condition;
  readonly onTrue: readonly BeatPlan[];
  readonly onFalse: readonly BeatPlan[];
}

/**
 * Branches run at the same time; each is a list of beats run in order and sees nothing of its siblings.
 * `all`: every branch must succeed, the first failure stops the others before their next beat.
 * `any`: every branch runs to its end, at least one must succeed. `settle`: failures are recorded, none stops.
 */
export interface ParallelBeat extends BeatBase {
  readonly form: 'parallel';
  readonly branches: readonly (readonly BeatPlan[])[];
  readonly strategy: ParallelStrategy;
  readonly concurrency?: number;
}

export type ParallelStrategy = 'all' | 'any' | 'settle';

/** Its output is `{ results }`, in the order of the items: `output` mapped, or the output of the last beat that ran. */
export interface ForEachBeat extends BeatBase {
  readonly form: 'forEach';
  /** A path, or a literal list. */
  readonly items: unknown;
  /** The name of the item in paths: `$.item`; its position is `$.itemIndex`. */
  readonly as: string;
  readonly concurrency: number;
  readonly beats: readonly BeatPlan[];
  readonly output?: unknown;
}

/** Waits for a time, or for an event at most `eventTimeoutMs`. */
export interface WaitBeat extends BeatBase {
  readonly form: 'wait';
  readonly ms?: number;
  readonly awaitedEvent?: string;
  readonly eventTimeoutMs?: number;
  readonly onTimeout: WaitTimeout;
}

export type WaitTimeout = 'fail' | 'continue' | 'stop' | 'reject' | { readonly goto: string };

export interface ApprovalBeat extends BeatBase {
  readonly form: 'approval';
  /** A text, or a mapped value such as `{ "template": "Merge {{$.createPatch.id}}?" }`. */
  readonly prompt: unknown;
  readonly subject?: unknown;
  readonly decisionTimeoutMs?: number;
  readonly onTimeout: 'approve' | 'reject';
  readonly onReject: 'reject' | 'stop' | 'continue';
}

/** Its output is `{ status, output }` of the child. */
export interface SequenceBeat extends BeatBase {
  readonly form: 'sequence';
  readonly sequence: string;
  readonly input?: InputMapping;
}

export interface GraphBeat extends BeatBase {
  readonly form: 'graph';
  readonly nodes: readonly GraphNode[];
  readonly concurrency?: number;
}

export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly beat: BeatPlan;
}

/** Ends the sequence with a status; with `final: false` it only sets the status and goes on. */
export interface StopBeat extends BeatBase {
  readonly form: 'stop';
  readonly status: SequenceStatus;
  readonly reason?: unknown;
  readonly final: boolean;
}

/** Goes on at the beat named, in this list or one around it; `limit` bounds how often in one run. */
export interface GotoBeat extends BeatBase {
  readonly form: 'goto';
  readonly target: string;
  readonly limit: number;
}

export type SequenceStatus = 'completed' | 'stopped' | 'rejected';

/**
 * Names → values. A string that begins with `$.` or `$[` is a path into the scope, `{ path, required?, default? }` a
 * path with options, `{ value }` a literal, `{ template }` a text with `{{$.path}}` in it; other values are literals
 * whose nested values are mapped likewise. The name `...` spreads the objects found there.
 */
export type InputMapping = Readonly<Record<string, unknown>>;

export const OPERATORS = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'contains', 'regex', 'exists'] as const;
export type Operator = (typeof OPERATORS)[number];

/** `(field comparison and every of `and`) or any of `or``; parts that are absent do not count. `not` stands alone. */
export interface Condition {
  /** A path. */
  readonly field?: string;
  readonly operator?: Operator;
  readonly value?: unknown;
  readonly and?: readonly Condition[];
  readonly or?: readonly Condition[];
  readonly not?: Condition;
}
