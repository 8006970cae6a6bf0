import { criticalPath } from '@selfheal/build-graph';
import type { Edit } from '@selfheal/contracts';
import type { TaskResult, TaskState } from '../run/build-event.ts';
import type { TaskPlan } from '../task/plan-tasks.ts';
import { alertsOf, type BuildAlert } from './alerts.ts';
import { type BuildComparison, compareBuilds } from './compare-builds.ts';

/** What became of the output of a task. */
export interface LoggedOutput {
  readonly file: string;
  readonly quality: PackageReport['quality'];
}

/** A change that was tried because a task failed; one for each cause. */
export interface BuildFix {
  /** From 1; later ones are made on top of earlier ones that were not refused. */
  readonly number: number;
  /** Id of the task. */
  readonly task: string;
  /** Where it begins. */
  readonly file: string;
  readonly line: number;
  /** Who proposed it. */
  readonly proposer: string;
  /** The model that made it, if one did. */
  readonly model?: string;
  readonly confidence: number;
  readonly edits: readonly Edit[];
  /** Unified diff. */
  readonly diff: string;
  /** Relative to the folder of builds: the diff alone. */
  readonly patch: string;
  /** offered: proved in a copy, and waits for a person; applied: written into the workspace; refused: not proved. */
  readonly state: 'offered' | 'applied' | 'refused';
  /** What is wrong and mended, or why it was refused. */
  readonly why: string;
}

export interface Wait {
  readonly packageName: string;
  /** Milliseconds from the build's start until that dependency had ended. */
  readonly waitTime: number;
}

export interface PackageReport {
  readonly packageName: string;
  readonly task: string;
  /** The build that ran it. */
  readonly workflowId: string;
  readonly status: TaskState;
  /** ISO 8601; undefined where it never started. */
  readonly startTime?: string;
  readonly endTime?: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly dependencies: readonly string[];
  readonly waitedFor: readonly Wait[];
  readonly buildMetrics: {
    /** Milliseconds that it was ready and no slot was free. */
    readonly queued: number;
    /** Nothing was run: its outputs were there, or were taken from the cache. */
    readonly cacheHit: boolean;
  };
  /** Errors and warnings that compilers and linters told of in the log. */
  readonly quality: { readonly errors: number; readonly warnings: number };
  /** Relative to the folder of builds; undefined where nothing was printed. */
  readonly log?: string;
  readonly blockedBy: readonly string[];
  readonly fixAttempts: number;
  readonly error?: string;
  readonly notKept?: string;
}

export interface BuildReport {
  readonly buildId: string;
  /** What was asked for. */
  readonly request: { readonly tasks: readonly string[]; readonly filters: readonly string[] };
  /** When the build began, ISO 8601. */
  readonly timestamp: string;
  readonly totalPackages: number;
  /** Built, healed or cached. */
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
  readonly fixes: readonly BuildFix[];
  readonly alerts: readonly BuildAlert[];
  /** What went wrong beside the tasks, such as a cache that is full. */
  readonly faults: readonly string[];
  readonly comparedWith?: BuildComparison;
}

export interface ReportInput {
  readonly buildId: string;
  readonly request: BuildReport['request'];
  readonly before: BuildReport | undefined;
  /** What each task printed, as far as it printed. */
  readonly logs: ReadonlyMap<string, LoggedOutput>;
  readonly faults: readonly string[];
  /** Raised while it ran. */
  readonly alerts: readonly BuildAlert[];
  readonly fixes: readonly BuildFix[];
  readonly startedAt: Date;
  readonly totalMs: number;
  readonly concurrency: number;
  readonly plan: TaskPlan;
  readonly results: readonly TaskResult[];
}

const MOST_LISTED = 5;

/** The report of a build, from what is known when it has ended. */
export function buildReport(input: ReportInput): BuildReport {
  const { buildId, request, startedAt, totalMs, concurrency, plan, results, before, faults } = input;
  const byId = new Map(results.map((result) => [result.id, result]));
  const packageReports = results.map((result) => packageReport(result, input, byId));
  const counts: Record<TaskState, number> = { built: 0, healed: 0, cached: 0, failed: 0, blocked: 0, cancelled: 0 };
  for (const { state } of results) counts[state] += 1;
  const chain = criticalPath(plan.graph, new Map(results.map((result) => [result.id, durationOf(result)])));
  const busyMs = results.reduce((sum, result) => sum + durationOf(result), 0);
  return {
    buildId,
    request,
    timestamp: startedAt.toISOString(),
    totalPackages: results.length,
    successful: counts.built + counts.healed + counts.cached,
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
    alerts: [...input.alerts, ...alertsOf(counts, results.length)],
    faults,
    fixes: input.fixes,
    ...(before === undefined ? {} : { comparedWith: compareBuilds(before, packageReports) }),
  };
}

function packageReport(result: TaskResult, input: ReportInput, byId: ReadonlyMap<string, TaskResult>): PackageReport {
  const { plan, startedAt, logs, buildId } = input;
  const task = plan.tasks.get(result.id);
  const output = logs.get(result.id);
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
    workflowId: buildId,
    status: result.state,
    ...(result.startedMs === undefined ? {} : { startTime: at(result.startedMs) }),
    ...(result.endedMs === undefined ? {} : { endTime: at(result.endedMs) }),
    duration: durationOf(result),
    dependencies,
    waitedFor: ends.filter(({ waitTime }) => waitTime > 0).toSorted((a, b) => b.waitTime - a.waitTime),
    buildMetrics: {
      queued: result.startedMs === undefined ? 0 : Math.max(0, result.startedMs - readyMs),
      cacheHit: result.state === 'cached',
    },
    quality: output?.quality ?? { errors: 0, warnings: 0 },
    ...(output === undefined ? {} : { log: output.file }),
    blockedBy: result.blockedBy,
    fixAttempts: input.fixes.filter(({ task: of }) => of === result.id).length,
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
