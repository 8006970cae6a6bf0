import { criticalPath } from '@selfheal/build-graph';
import type { TaskResult, TaskState } from '../run/run-build.ts';
import type { TaskPlan } from '../task/plan-tasks.ts';

export interface Wait {
  readonly packageName: string;
  /** Milliseconds from the build's start until that dependency had ended. */
  readonly waitTime: number;
}

export interface PackageReport {
  readonly packageName: string;
  readonly task: string;
  readonly status: TaskState;
  /** ISO 8601; undefined where it never started. */
  readonly startTime?: string;
  readonly endTime?: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly dependencies: readonly string[];
  readonly waitedFor: readonly Wait[];
  /** Milliseconds that it was ready and no slot was free. */
  readonly queued: number;
  readonly blockedBy: readonly string[];
  readonly fixAttempts: number;
  readonly error?: string;
  readonly notKept?: string;
}

export interface BuildReport {
  readonly buildId: string;
  /** When the build began, ISO 8601. */
  readonly timestamp: string;
  readonly totalPackages: number;
  /** Built or cached. */
  readonly successful: number;
  readonly failed: number;
  readonly counts: Readonly<Record<TaskState, number>>;
  /** Milliseconds. */
  readonly totalDuration: number;
  readonly totalFixAttempts: number;
  readonly totalWaitTime: number;
  readonly slowestPackages: readonly { readonly packageName: string; readonly duration: number }[];
  readonly mostFixAttempts: readonly { readonly packageName: string; readonly fixAttempts: number }[];
  /** The longest chain of what ran, by the times of this build. */
  readonly criticalPath: { readonly path: readonly string[]; readonly duration: number };
  readonly concurrency: {
    readonly limit: number;
    /** Each change of the number of tasks that run: milliseconds since the start, and how many from then on. */
    readonly timeline: readonly (readonly [atMs: number, running: number])[];
    /** Share of the slots' time that something ran, 0..1. */
    readonly utilisation: number;
  };
  /** Every task of the build, whatever became of it. */
  readonly packageReports: readonly PackageReport[];
}

export interface ReportInput {
  readonly buildId: string;
  readonly startedAt: Date;
  readonly totalMs: number;
  readonly concurrency: number;
  readonly plan: TaskPlan;
  readonly results: readonly TaskResult[];
}

const MOST_LISTED = 5;

/** The report of a build, from what is known when it has ended. */
export function buildReport({ buildId, startedAt, totalMs, concurrency, plan, results }: ReportInput): BuildReport {
  const byId = new Map(results.map((result) => [result.id, result]));
  const packageReports = results.map((result) => packageReport(result, plan, byId, startedAt));
  const counts: Record<TaskState, number> = { built: 0, cached: 0, failed: 0, blocked: 0, cancelled: 0 };
  for (const { state } of results) counts[state] += 1;
  const chain = criticalPath(plan.graph, new Map(results.map((result) => [result.id, durationOf(result)])));
  const busyMs = results.reduce((sum, result) => sum + durationOf(result), 0);
  return {
    buildId,
    timestamp: startedAt.toISOString(),
    totalPackages: results.length,
    successful: counts.built + counts.cached,
    failed: counts.failed,
    counts,
    totalDuration: totalMs,
    totalFixAttempts: packageReports.reduce((sum, { fixAttempts }) => sum + fixAttempts, 0),
    totalWaitTime: packageReports.reduce((sum, { waitedFor }) => sum + Math.max(0, ...waitedFor.map(({ waitTime }) => waitTime)), 0),
    slowestPackages: packageReports
      .toSorted((a, b) => b.duration - a.duration)
      .slice(0, MOST_LISTED)
      .map(({ packageName, duration }) => ({ packageName, duration })),
    mostFixAttempts: packageReports
      .filter(({ fixAttempts }) => fixAttempts > 0)
      .toSorted((a, b) => b.fixAttempts - a.fixAttempts)
      .slice(0, MOST_LISTED)
      .map(({ packageName, fixAttempts }) => ({ packageName, fixAttempts })),
    criticalPath: { path: chain.path, duration: chain.durationMs },
    concurrency: {
      limit: concurrency,
      timeline: timelineOf(results),
      utilisation: totalMs === 0 ? 0 : Math.min(1, busyMs / (totalMs * Math.min(concurrency, Math.max(1, results.length)))),
    },
    packageReports,
  };
}

function packageReport(result: TaskResult, plan: TaskPlan, byId: ReadonlyMap<string, TaskResult>, startedAt: Date): PackageReport {
  const task = plan.tasks.get(result.id);
  const dependencies = task?.dependsOn ?? [];
  // What never started waited for nothing: `blockedBy` says why.
  const ends = (result.startedMs === undefined ? [] : dependencies).flatMap((id) => {
    const endedMs = byId.get(id)?.endedMs;
    return endedMs === undefined ? [] : [{ packageName: plan.tasks.get(id)?.packageName ?? id, waitTime: endedMs }];
  });
  const readyMs = Math.max(0, ...ends.map(({ waitTime }) => waitTime));
  const at = (ms: number) => new Date(startedAt.getTime() + ms).toISOString();
  return {
    packageName: task?.packageName ?? result.id,
    task: task?.task ?? '',
    status: result.state,
    ...(result.startedMs === undefined ? {} : { startTime: at(result.startedMs) }),
    ...(result.endedMs === undefined ? {} : { endTime: at(result.endedMs) }),
    duration: durationOf(result),
    dependencies,
    waitedFor: ends.filter(({ waitTime }) => waitTime > 0).toSorted((a, b) => b.waitTime - a.waitTime),
    queued: result.startedMs === undefined ? 0 : Math.max(0, result.startedMs - readyMs),
    blockedBy: result.blockedBy,
    fixAttempts: 0,
    ...(result.error === undefined ? {} : { error: result.error }),
    ...(result.notKept === undefined ? {} : { notKept: result.notKept }),
  };
}

function durationOf({ startedMs, endedMs }: TaskResult): number {
  return startedMs === undefined || endedMs === undefined ? 0 : endedMs - startedMs;
}

function timelineOf(results: readonly TaskResult[]): [number, number][] {
  const changes = results
    .flatMap(({ startedMs, endedMs }): [number, number][] =>
      startedMs === undefined || endedMs === undefined
        ? []
        : [
            [startedMs, 1],
            [endedMs, -1],
          ],
    )
    .toSorted(([a, up], [b, other]) => a - b || up - other);
  const runningFrom = new Map<number, number>();
  let running = 0;
  for (const [at, change] of changes) {
    running += change;
    runningFrom.set(at, running);
  }
  const timeline = [...runningFrom];
  return timeline.filter(([, count], at) => count !== timeline[at - 1]?.[1]);
}
