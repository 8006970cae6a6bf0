import type { BuildJournal } from '../kept/build-journal.ts';
import type { TaskPlan } from '../task/plan-tasks.ts';
import type { BuildEvent, TaskResult } from './build-event.ts';
import { runTask, type TaskEnd } from './run-task.ts';
import { resultOf } from './task-result.ts';
import type { TaskRunner } from './task-runner.ts';

export interface TaskHostSettings {
  readonly plan: TaskPlan;
  readonly runner: TaskRunner;
  readonly journal: BuildJournal;
  /** When the build began, milliseconds since 1970. */
  readonly startedAt: number;
  readonly onEvent: (event: BuildEvent) => void;
  readonly lines: boolean;
  /** Ends what runs, whatever the scheduler says. */
  readonly signal: AbortSignal;
}

/** What the scheduler is told. */
export interface HostedEnd {
  readonly outcome: TaskEnd['outcome'];
  readonly result?: string;
}

type Upstream = Readonly<Record<string, string>> | null;

/** Runs the tasks of a durable build: each end is written down before anybody is told. */
export class TaskHost {
  readonly #settings: TaskHostSettings;

  constructor(settings: TaskHostSettings) {
    this.#settings = settings;
  }

  async run(id: string, upstream: Upstream, signal: AbortSignal): Promise<HostedEnd> {
    const { plan, runner, journal, startedAt, onEvent, lines } = this.#settings;
    const task = plan.tasks.get(id);
    if (task === undefined) throw new TypeError(`${id} is no task of this build`);
    const startedMs = Date.now();
    onEvent({ kind: 'started', id, atMs: startedMs - startedAt });
    const onLine = lines ? { onLine: (line: string) => onEvent({ kind: 'line', id, line }) } : {};
    const known = upstream === null ? undefined : new Map(Object.entries(upstream));
    const both = AbortSignal.any([signal, this.#settings.signal]);
    const end = await runTask(runner, { task, upstream: known, signal: both, ...onLine });
    const ended: TaskResult = { ...resultOf(id, end), startedMs, endedMs: Date.now() };
    journal.add({ task: ended, upstream, ...(end.result === undefined ? {} : { result: end.result }) });
    onEvent({ kind: 'ended', result: since(ended, startedAt), log: end.log });
    return { outcome: end.outcome, ...(end.result === undefined ? {} : { result: end.result }) };
  }
}

/** The ends that are written down of tasks that need not be run again. */
export function recordedEnds({ entries }: BuildJournal): ReadonlyMap<string, HostedEnd> {
  const ends = new Map<string, HostedEnd>();
  for (const [id, { task, result }] of entries) {
    if (task.state !== 'built' && task.state !== 'cached') continue;
    ends.set(id, { outcome: task.state === 'built' ? 'done' : 'cached', ...(result === undefined ? {} : { result }) });
  }
  return ends;
}

/** With times since the build began. */
export function since(result: TaskResult, startedAt: number): TaskResult {
  const { startedMs, endedMs } = result;
  if (startedMs === undefined || endedMs === undefined) return result;
  return { ...result, startedMs: Math.max(0, startedMs - startedAt), endedMs: Math.max(0, endedMs - startedAt) };
}
