import type { NodeState } from '@selfheal/build-graph';

/** `healed`: it failed, its code was mended, and then it was built. */
export type TaskState = 'built' | 'healed' | 'cached' | 'failed' | 'blocked' | 'cancelled';

export interface TaskResult {
  readonly id: string;
  readonly state: TaskState;
  /** Milliseconds since the build began; undefined where the task never started. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly error?: string;
  readonly notKept?: string;
  /** Failed tasks that it needed. */
  readonly blockedBy: readonly string[];
}

/** What happens in a build, as it happens. */
export type BuildEvent =
  | { readonly kind: 'started'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'line'; readonly id: string; readonly line: string }
  | { readonly kind: 'ended'; readonly result: TaskResult; readonly log: string };

/** Where a build stands. */
export interface BuildProgress {
  /** Tasks by state. */
  readonly counts: Readonly<Record<NodeState, number>>;
  readonly running: readonly { readonly id: string; readonly ranMs: number }[];
  /** Milliseconds until the end, by the durations of earlier builds; undefined where there was none. Plays the rest of the build through. */
  leftMs(): number | undefined;
}
