/**
 * Where the time goes, as a picture: `node docs/examples/heatmap.ts <repository> <log file>...`.
 *
 * Reads the logs through telemetry.parse and draws one row for each operation, one column for each slice of time: the darker, the slower
 * against the operation's own median. Changes nothing in the repository.
 */
import { resolve } from 'node:path';
import { createSelfHealing, type TelemetrySnapshot } from 'selfheal';

const SHADES = [' ', '·', '░', '▒', '▓', '█'];
/** Times the operation's median from which a column gets the next shade. */
const STEPS = [0, 1.25, 2, 4, 8];
const MAX_COLUMNS = 60;

type Slice = TelemetrySnapshot['slices'][number];

/** The rows of the picture, the operations that take most time first; empty where nothing was timed. A column is a slice of time or several. */
export function heatmap(slices: readonly Slice[], maxColumns = MAX_COLUMNS): string[] {
  const starts = [...new Set(slices.map(({ bucketStart }) => bucketStart))].sort((a, b) => a - b);
  const columns = Math.min(maxColumns, starts.length);
  const columnOf = new Map(starts.map((start, index) => [start, Math.floor((index / starts.length) * columns)]));
  const calls = slices.flatMap(({ bucketStart, operations }) =>
    operations.filter(({ timed }) => timed > 0).map((stats) => ({ ...stats, column: columnOf.get(bucketStart) })),
  );
  const byOperation = [...Map.groupBy(calls, ({ operation }) => operation)].map(([operation, stats]) => ({
    operation,
    stats,
    totalMs: stats.reduce((sum, { sumMs }) => sum + sumMs, 0),
  }));
  const width = Math.max(0, ...byOperation.map(({ operation }) => operation.length));
  return byOperation
    .sort((a, b) => b.totalMs - a.totalMs)
    .map(({ operation, stats, totalMs }) => {
      const median = quantile(stats.flatMap(durations), 0.5);
      const cells = Array.from({ length: columns }, (_, column) => {
        const inColumn = stats.filter((one) => one.column === column).flatMap(durations);
        return inColumn.length === 0 ? SHADES[0] : shade(quantile(inColumn, 0.95) / Math.max(median, 0.01));
      });
      return `${operation.padEnd(width)} │${cells.join('')}│ p50 ${median.toFixed(1)} ms, ${(totalMs / 1_000).toFixed(1)} s in all`;
    });
}

function durations({ samples }: Slice['operations'][number]): number[] {
  return samples.map(([, ms]) => ms);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function shade(ratio: number): string {
  return SHADES[1 + STEPS.findLastIndex((step) => ratio >= step)] ?? '';
}

if (import.meta.main) {
  const [repo = '.', ...logs] = process.argv.slice(2);
  // Relative paths would start at the repository.
  const paths = logs.map((path) => resolve(path));
  const healing = await createSelfHealing({ repo, env: process.env });
  try {
    await healing.start();
    const parse = healing.plans['telemetry.parse'];
    if (parse === undefined) throw new Error('telemetry.parse is gone');
    for (let more = true; more; ) {
      const { output } = await healing.runSequence(parse, { projectId: healing.project.id, paths });
      more = typeof output === 'object' && output !== null && 'more' in output && output.more === true;
    }
    const stored = await healing.records.list('slice', { where: { projectId: healing.project.id } });
    console.log(heatmap(stored.map(({ slice }) => slice)).join('\n') || 'Nothing in these logs has a duration.');
  } finally {
    await healing.stop();
  }
}
