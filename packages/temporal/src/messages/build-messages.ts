import type { FailurePolicy, NodeState, ScheduleSnapshot } from '@selfheal/build-graph';

export interface BuildTaskPlan {
  readonly id: string;
  readonly dependsOn: readonly string[];
  /** Milliseconds after which the worker ends its command. */
  readonly timeoutMs: number;
}

/** What is known of a build that has begun. */
export interface BuildProgressSoFar {
  readonly schedule: ScheduleSnapshot;
  /** What the results of ended tasks add to the keys of those that need them, by id. */
  readonly results: Readonly<Record<string, string>>;
}

/** Input of the build workflow: the graph and nothing that a command sees, so no command line, path or secret is in a history. */
export interface BuildInput {
  readonly buildId: string;
  readonly tasks: readonly BuildTaskPlan[];
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  /** Milliseconds by id, of earlier builds. */
  readonly durations: Readonly<Record<string, number>>;
  readonly soFar?: BuildProgressSoFar;
  /** Events of a run's history after which it goes on in a new run. */
  readonly mostEvents: number;
}

export interface BuildState {
  readonly buildId: string;
  readonly concurrency: number;
  readonly paused: boolean;
  readonly states: Readonly<Record<string, NodeState>>;
}

/** Argument of the activity that brings one task up to date. */
export interface BuildTaskCall {
  readonly buildId: string;
  readonly id: string;
  /** Results of the tasks that it needs; null where one of them follows from more than is known. */
  readonly upstream: Readonly<Record<string, string>> | null;
}

export interface BuildTaskEnd {
  readonly outcome: 'done' | 'cached' | 'failed' | 'cancelled';
  readonly result?: string;
  /** Ends of tasks that were over before the workflow asked for them, by id: it does not have to ask any more. */
  readonly others?: Readonly<Record<string, Omit<BuildTaskEnd, 'others'>>>;
}

/** What runs where the workspace is. */
export interface BuildActivities {
  buildTask(call: BuildTaskCall): Promise<BuildTaskEnd>;
  steerBuild(change: BuildSteering): Promise<void>;
}

/** Argument of the activity that tells of a change. */
export interface BuildSteering {
  readonly buildId: string;
  readonly control: BuildControl;
}

/** What a person may ask of a build under way. */
export type BuildControl =
  | { readonly kind: 'cancel' | 'pause' | 'resume' | 'retry-failed' }
  | { readonly kind: 'concurrency'; readonly concurrency: number };
