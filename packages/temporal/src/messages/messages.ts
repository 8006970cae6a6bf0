import type { SequencePlan } from '@selfheal/sequences/interpreter';
import type { RemediationRouting } from './remediation.ts';

/** What a workflow must know of each handler, fixed at its start: editing code or documents never touches a run under way. */
export interface Routing {
  /** Pure handlers known to be short: local activities. */
  readonly local: readonly string[];
  /** Handlers that change the shared repository or production: the ship queue. */
  readonly ship: readonly string[];
  /** Who decides on beats with `aiRemediation`; absent where nobody does. */
  readonly remediation?: RemediationRouting;
}

/** Input of every sequence workflow. The workflow type is the plan's id. */
export interface SequenceInput {
  readonly projectId: string;
  readonly plan: SequencePlan;
  readonly input: unknown;
  readonly routing: Routing;
  /** Plans of child sequences, by id. */
  readonly children: Readonly<Record<string, SequencePlan>>;
}

export type Stage = 'diagnose' | 'fix' | 'validate' | 'merge' | 'deploy';

export interface HealPolicy {
  readonly stopAfter?: Stage;
  /** Patches validated before giving up. */
  readonly maxAttempts: number;
}

export interface HealInput {
  readonly projectId: string;
  readonly incidentId: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly title: string;
  readonly plans: Readonly<Record<string, SequencePlan>>;
  readonly routing: Routing;
  readonly policy: HealPolicy;
}

export interface HealResult {
  readonly incidentId: string;
  readonly status: string;
  readonly reason?: string;
  readonly patchHash?: string;
}

/** Where a heal stands; answered by the state query and shown to people. */
export interface HealState {
  readonly incidentId: string;
  readonly title: string;
  readonly type: string;
  readonly stage: 'diagnose' | 'fix' | 'validate' | 'review' | 'deploy' | 'learn' | 'done';
  readonly attempt: number;
  readonly status: string;
  readonly summary: string;
  readonly patchHash?: string;
  /** Set while a decision is awaited. */
  readonly awaiting?: { readonly patchHash: string; readonly patchId: string };
  readonly durationsMs: Readonly<Record<string, number>>;
}

/** A person's answer to a waiting patch; bound to the hash of what was reviewed. */
export interface Verdict {
  readonly patchHash: string;
  readonly approved: boolean;
  readonly by: string;
  readonly why: string;
}

export interface IngestInput {
  readonly projectId: string;
  readonly paths: readonly string[];
  readonly maxBytes?: number;
  readonly plan: SequencePlan;
  readonly routing: Routing;
}

export interface IngestResult {
  readonly runs: number;
  readonly stored: number;
  /** Another run was reading the same sources. */
  readonly joined: boolean;
  readonly rejected: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly summaries: readonly string[];
}

export interface SweepInput {
  readonly projectId: string;
  readonly lookbackMs: number;
  readonly from?: number;
  readonly to?: number;
  readonly plans: Readonly<Record<string, SequencePlan>>;
  readonly routing: Routing;
  readonly policy: HealPolicy;
  /** Judges sources whose clock is off, or that lag, as well: in windows of their own, beside that of the lookback. */
  readonly offClock?: boolean;
  /** Reads the logs first. */
  readonly ingest?: { readonly paths: readonly string[]; readonly maxBytes?: number };
}

/** Asks for the windows of the sources that what is stored before `now` (epoch ms) by `lookbackMs` does not show. */
export interface OffClockCall {
  readonly projectId: string;
  readonly now: number;
  readonly lookbackMs: number;
}

/** Epoch ms, `to` not included. */
export interface SweepWindow {
  readonly from: number;
  readonly to: number;
}

export interface SweepResult {
  readonly healthy: boolean;
  readonly summary: string;
  readonly incidents: readonly {
    readonly id: string;
    readonly fingerprint: string;
    readonly workflowId: string;
    readonly type: string;
    readonly title: string;
    readonly started: boolean;
  }[];
  readonly findings: readonly string[];
  readonly ingest?: IngestResult;
}

/** Argument of each beat's activity. */
export interface BeatActivityCall {
  readonly projectId: string;
  readonly sequence: string;
  readonly movement: string;
  readonly beat: string;
  readonly ordinal: number;
  readonly event?: string;
}

/** Changes of an incident that the heal workflow makes itself. */
export interface IncidentMark {
  readonly projectId: string;
  readonly incidentId: string;
  readonly status: string;
  readonly reason?: string;
}

export interface HousekeepingInput {
  readonly projectId: string;
  /** What to do, in this order; the host knows the names. */
  readonly chores: readonly string[];
}

export interface HousekeepingResult {
  /** What was removed, for people. */
  readonly line: string;
  readonly done: readonly { readonly chore: string; readonly summary: string }[];
  readonly failed: readonly { readonly chore: string; readonly reason: string }[];
}

/** Argument of the activity that does one chore. */
export interface HousekeepingCall {
  readonly projectId: string;
  readonly chore: string;
}
