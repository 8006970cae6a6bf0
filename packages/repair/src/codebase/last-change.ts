import type { LineRun } from './line-commits.ts';

interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/** The newest commit that wrote any of the lines. Commits without a known time count as oldest. */
export function lastChange(runs: readonly LineRun[] | undefined, lines: Lines, times: ReadonlyMap<string, number>): string | undefined {
  let newest: { commit: string; at: number } | undefined;
  for (const { commit } of within(runs, lines)) {
    const at = times.get(commit) ?? 0;
    if (newest === undefined || at > newest.at) newest = { commit, at };
  }
  return newest?.commit;
}

/** The commit that wrote most of the lines. */
export function mostChange(runs: readonly LineRun[] | undefined, lines: Lines): string | undefined {
  const counts = new Map<string, number>();
  for (const run of within(runs, lines)) counts.set(run.commit, (counts.get(run.commit) ?? 0) + run.to - run.from + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function within(runs: readonly LineRun[] | undefined, { startLine, endLine }: Lines): LineRun[] {
  return (runs ?? [])
    .filter((run) => run.to >= startLine && run.from <= endLine)
    .map((run) => ({ commit: run.commit, from: Math.max(run.from, startLine), to: Math.min(run.to, endLine) }));
}
