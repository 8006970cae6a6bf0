import { estimate, type FailurePolicy, Schedule } from '@selfheal/build-graph';
import type { TaskPlan } from '../task/plan-tasks.ts';
import type { BuildEvent, BuildProgress, TaskResult } from './build-event.ts';
import { runTask, type TaskEnd } from './run-task.ts';
import { allResults, resultOf } from './task-result.ts';
import type { TaskRunner } from './task-runner.ts';
import { upstreamOf } from './upstream.ts';

export interface BuildSettings {
  readonly plan: TaskPlan;
  readonly runner: TaskRunner;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly signal: AbortSignal;
  /** `progress` is worked out when it is called. */
  readonly onEvent: (event: BuildEvent, progress: () => BuildProgress) => void;
  /** Whether `line` events are wanted. */
  readonly lines: boolean;
}

/** Runs a plan in this process: as many tasks at once as asked for, the longest chain first. The results are in the order of the graph. */
export async function runBuild(settings: BuildSettings): Promise<readonly TaskResult[]> {
  const { plan, runner, concurrency, onFailure, signal } = settings;
  const { graph } = plan;
  const durations = runner.index.durations();
  const schedule = new Schedule({ graph, concurrency, onFailure, durations });
  const began = performance.now();
  const now = () => Math.round(performance.now() - began);
  const results = new Map<string, TaskResult>();
  const ends = new Map<string, Pick<TaskEnd, 'result'>>();
  const running = new Map<string, { readonly startedMs: number; readonly stop: AbortController }>();
  const over = Promise.withResolvers<void>();

  const progress = (): BuildProgress => {
    const ran = new Map([...running].map(([id, { startedMs }]) => [id, now() - startedMs]));
    return {
      counts: schedule.counts,
      running: [...ran].map(([id, ranMs]) => ({ id, ranMs })),
      leftMs: () => estimate({ graph, concurrency, durations, states: schedule.states, ranMs: ran }),
    };
  };
  const tell = (event: BuildEvent): void => settings.onEvent(event, progress);
  const pump = (): void => {
    for (const id of schedule.take()) start(id);
    if (schedule.isOver) over.resolve();
  };
  const start = (id: string): void => {
    const stop = new AbortController();
    const startedMs = now();
    running.set(id, { startedMs, stop });
    tell({ kind: 'started', id, atMs: startedMs });
    const onLine = settings.lines ? { onLine: (line: string) => tell({ kind: 'line', id, line }) } : {};
    const task = taskOf(plan, id);
    let endedMs: number | undefined;
    const onCommandEnd = (): void => {
      if (!schedule.freeSlot(id)) return;
      endedMs = now();
      running.delete(id);
      pump();
    };
    runTask(runner, { task, upstream: upstreamOf(task.dependsOn, ends), signal: stop.signal, onCommandEnd, ...onLine })
      .then((end) => finish(id, end, { startedMs, endedMs: endedMs ?? now() }))
      // Whoever is told of events may throw.
      .catch(over.reject);
  };
  const finish = (id: string, end: TaskEnd, times: { readonly startedMs: number; readonly endedMs: number }): void => {
    const result = { ...resultOf(id, end), ...times };
    running.delete(id);
    ends.set(id, { result: end.result });
    results.set(id, result);
    const { blocked, toStop } = schedule.finish(id, end.outcome);
    for (const other of toStop) running.get(other)?.stop.abort();
    tell({ kind: 'ended', result, log: end.log });
    for (const other of blocked) tell({ kind: 'ended', result: { id: other, state: 'blocked', blockedBy: [id] }, log: '' });
    pump();
  };
  const cancel = (): void => {
    for (const id of schedule.cancel()) running.get(id)?.stop.abort();
    if (schedule.isOver) over.resolve();
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    pump();
    await over.promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    for (const { stop } of running.values()) stop.abort();
  }
  return allResults(graph, results, (id) => schedule.state(id));
}

function taskOf({ tasks }: TaskPlan, id: string) {
  const task = tasks.get(id);
  if (task === undefined) throw new TypeError(`${id} is in the graph but no task`);
  return task;
}
