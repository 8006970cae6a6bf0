import type { FailurePolicy } from '@selfheal/build-graph';
import type { BuildEvent, BuildProgress, TaskResult } from './run/build-event.ts';
import { runBuild } from './run/run-build.ts';
import { openTaskRunner, type RunnerRequest } from './run/task-runner.ts';
import type { TaskPlan } from './task/plan-tasks.ts';

export interface BuildRequest extends RunnerRequest {
  readonly plan: TaskPlan;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent, progress: () => BuildProgress) => void;
  /** Whether `line` events are wanted. */
  readonly lines: boolean;
}

export interface BuildOutcome {
  /** One for each task, in the order of the plan. */
  readonly results: readonly TaskResult[];
  /** What went wrong beside the tasks, such as a cache that is full; for people. */
  readonly faults: readonly string[];
}

/** Builds in this process, with what earlier builds left in `folder`. */
export async function build(request: BuildRequest): Promise<BuildOutcome> {
  const { runner, close } = await openTaskRunner(request);
  let results: readonly TaskResult[] = [];
  let faults: readonly string[] = [];
  try {
    results = await runBuild({ ...request, runner });
  } finally {
    faults = await close();
  }
  return { results, faults };
}
