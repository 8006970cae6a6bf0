import type { BuildReport, PackageReport } from './build-report.ts';

/** How a build compares with the one before it. */
export interface BuildComparison {
  readonly buildId: string;
  readonly totalDuration: number;
  /** Tasks that fail now and did not. */
  readonly newlyFailed: readonly string[];
  /** Tasks that failed and do not any more. */
  readonly recovered: readonly string[];
  /** Run in both builds and taking at least half as long again, the greatest loss first. */
  readonly slower: readonly { readonly id: string; readonly before: number; readonly after: number }[];
}

/** Less is noise of the machine. */
const LEAST_LOSS_MS = 200;
const LEAST_RATIO = 1.5;
const MOST_LISTED = 5;

export function compareBuilds(before: BuildReport, now: readonly PackageReport[]): BuildComparison {
  const earlier = new Map(before.packageReports.map((report) => [idOf(report), report]));
  const pairs = now.flatMap((after) => {
    const other = earlier.get(idOf(after));
    return other === undefined ? [] : [{ id: idOf(after), before: other, after }];
  });
  return {
    buildId: before.buildId,
    totalDuration: before.totalDuration,
    newlyFailed: pairs.flatMap(({ id, before: { status }, after }) => (after.status === 'failed' && status !== 'failed' ? [id] : [])),
    recovered: pairs.flatMap(({ id, before: { status }, after }) =>
      status === 'failed' && ['built', 'healed', 'cached'].includes(after.status) ? [id] : [],
    ),
    slower: pairs
      .filter(({ before: { status }, after }) => status === 'built' && after.status === 'built')
      .map(({ id, before: { duration }, after }) => ({ id, before: duration, after: after.duration }))
      .filter((pair) => pair.after - pair.before >= LEAST_LOSS_MS && pair.after >= LEAST_RATIO * pair.before)
      .toSorted((a, b) => b.after - b.before - (a.after - a.before))
      .slice(0, MOST_LISTED),
  };
}

function idOf({ packageName, task }: PackageReport): string {
  return `${packageName}#${task}`;
}
