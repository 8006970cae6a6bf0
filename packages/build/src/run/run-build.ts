import { estimate, type FailurePolicy, Schedule } from '@selfheal/build-graph';
import type { TaskPlan } from '../task/plan-tasks.ts';
import type { TaskEnd, TaskRun, TaskRunner } from './run-task.ts';
import { runTask } from './run-task.ts';

export type TaskState = 'built' | 'cached' | 'failed' | 'blocked' | 'cancelled';

export interface TaskResult {
  readonly id: string;
  readonly state: TaskState;
  /** Milliseconds since the build began; undefined where the task never started. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly log: string;
  readonly error?: string;
  readonly notKept?: string;
  /** Failed or cancelled tasks that it needed. */
  readonly blockedBy: readonly string[];
}

export type BuildEvent =
  | { readonly kind: 'started'; readonly id: string; readonly atMs: number; readonly running: number }
  | { readonly kind: 'line'; readonly id: string; readonly line: string }
  | {
      readonly kind: 'ended';
      readonly result: TaskResult;
      readonly done: number;
      readonly of: number;
      readonly leftMs: number | undefined;
    };

export interface BuildSettings {
  readonly plan: TaskPlan;
  readonly runner: TaskRunner;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

/** Runs a plan in this process: as many tasks at once as asked for, the longest chain first. The results are in the order of the graph. */
export async function runBuild(settings: BuildSettings): Promise<readonly TaskResult[]> {
  const { plan, runner, concurrency, onFailure, signal, onEvent } = settings;
  const durations = runner.index.durations();
  const schedule = new Schedule({ graph: plan.graph, concurrency, onFailure, durations });
  const began = performance.now();
  const now = () => Math.round(performance.now() - began);
  const results = new Map<string, TaskResult>();
  const ends = new Map<string, TaskEnd>();
  const startedAt = new Map<string, number>();
  const stops = new Map<string, AbortController>();
  const over = Promise.withResolvers<void>();

  const pump = (): void => {
    for (const id of schedule.take()) start(id);
    if (schedule.isOver) over.resolve();
  };
  const start = (id: string): void => {
    const stop = new AbortController();
    stops.set(id, stop);
    startedAt.set(id, now());
    onEvent({ kind: 'started', id, atMs: now(), running: schedule.running.size });
    runTask(runner, taskRun(plan, id, ends, stop.signal, onEvent)).then((end) => finish(id, end), over.reject);
  };
  const finish = (id: string, end: TaskEnd): void => {
    stops.delete(id);
    ends.set(id, end);
    results.set(id, resultOf(id, end, startedAt.get(id) ?? 0, now()));
    const { blocked, toStop } = schedule.finish(id, end.outcome);
    for (const other of blocked) results.set(other, unstarted(other, 'blocked', [id]));
    for (const other of toStop) stops.get(other)?.abort();
    const leftMs = estimate({ graph: plan.graph, concurrency, durations, states: schedule.states, ranMs: ranMs(startedAt, now()) });
    for (const ended of [id, ...blocked]) {
      const result = results.get(ended);
      if (result !== undefined) onEvent({ kind: 'ended', result, done: results.size, of: plan.graph.ids.length, leftMs });
    }
    pump();
  };
  const cancel = (): void => {
    for (const id of schedule.cancel()) stops.get(id)?.abort();
    if (schedule.isOver) over.resolve();
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    pump();
    await over.promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    for (const stop of stops.values()) stop.abort();
  }
  return plan.graph.ids.map((id) => results.get(id) ?? unstarted(id, 'cancelled', []));
}

function taskRun(
  plan: TaskPlan,
  id: string,
  ends: ReadonlyMap<string, TaskEnd>,
  signal: AbortSignal,
  onEvent: BuildSettings['onEvent'],
): TaskRun {
  const task = plan.tasks.get(id);
  if (task === undefined) throw new TypeError(`${id} is in the graph but no task`);
  const upstream = new Map<string, string>();
  let known = true;
  for (const dependency of task.dependsOn) {
    const result = ends.get(dependency)?.result;
    if (result === undefined) known = false;
    else upstream.set(dependency, result);
  }
  const samePackage = (other: string) => plan.tasks.get(other)?.packageName === task.packageName;
  return {
    task,
    upstream: known ? upstream : undefined,
    listAgain: task.dependsOn.some((other) => samePackage(other) && ends.get(other)?.outcome === 'done'),
    signal,
    onLine: (line) => onEvent({ kind: 'line', id, line }),
  };
}

function resultOf(id: string, end: TaskEnd, startedMs: number, endedMs: number): TaskResult {
  const state = end.outcome === 'done' ? 'built' : end.outcome;
  return {
    id,
    state,
    startedMs,
    endedMs,
    log: end.log,
    blockedBy: [],
    ...(end.error === undefined ? {} : { error: end.error }),
    ...(end.notKept === undefined ? {} : { notKept: end.notKept }),
  };
}

function unstarted(id: string, state: 'blocked' | 'cancelled', blockedBy: readonly string[]): TaskResult {
  return { id, state, log: '', blockedBy };
}

function ranMs(startedAt: ReadonlyMap<string, number>, now: number): ReadonlyMap<string, number> {
  return new Map([...startedAt].map(([id, at]) => [id, now - at]));
}
