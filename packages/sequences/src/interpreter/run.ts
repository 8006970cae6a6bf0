import type { Memory } from './memory.ts';
import type { AiRemediationPlan, BeatPlan, SequencePlan, SequenceStatus } from './plan.ts';
import type { BeatFailure, Runtime, Waits } from './runtime.ts';

/** State of one run, shared by all its branches. */
export interface Run {
  readonly plan: Pick<SequencePlan, 'id'>;
  readonly runtime: Waits;
  readonly failures: BeatFailure[];
  /** Lines already said, so that a loop says them once. */
  readonly noticed: Set<string>;
  /** How often each goto was taken. */
  readonly jumps: Map<string, number>;
  /** Handlers called so far. */
  ordinal: number;
  /** Set by a stop beat that lets the sequence go on. */
  verdict: Verdict;
}

export interface Verdict {
  readonly status: SequenceStatus;
  readonly reason?: string;
}

/** Where a beat runs: its run, what it may see, its branch. */
export interface Place {
  readonly run: Run;
  readonly memory: Memory;
  readonly lane: Lane;
  readonly movement: string;
}

/** A run whose beats are data. */
export interface PlannedRun extends Run {
  readonly plan: SequencePlan;
  readonly runtime: Runtime;
}

export interface PlannedPlace extends Place {
  readonly run: PlannedRun;
  /** Of the beat around, for the handlers within it that say nothing of their own. */
  readonly aiRemediation?: AiRemediationPlan;
  /** Runs a list of beats; handed in so that the beat forms need not import the list that runs them. */
  readonly runList: (beats: readonly BeatPlan[], place: PlannedPlace) => Promise<Flow>;
}

/** What a beat form runs within itself: a list of a plan's beats, or the code that a list was compiled to. */
export type Work<P extends Place> = (place: P) => Promise<Flow>;

/** What follows a beat or a list of beats. */
export type Flow = { readonly go: 'on' } | { readonly go: 'to'; readonly target: string } | ({ readonly go: 'end' } & Verdict);

export const ON: Flow = { go: 'on' };

/** A branch that may be given up: by a time limit, or by the failure of a sibling. Its beats under way end, no further one starts. */
export interface Lane {
  ended: boolean;
  /** A beat of it failed and said `continue`. */
  failed?: boolean;
  readonly parent?: Lane;
}

export function sideLane(parent: Lane): Lane {
  return { ended: false, parent };
}

export function isEnded(lane: Lane): boolean {
  return lane.ended || (lane.parent !== undefined && isEnded(lane.parent));
}

export function noticeOnce(run: Run, line: string): void {
  if (run.noticed.has(line)) return;
  run.noticed.add(line);
  run.runtime.notice(line);
}
