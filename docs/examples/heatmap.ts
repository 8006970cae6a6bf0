/**
 * Where the time goes, as a picture: `node docs/examples/heatmap.ts <repository> <log file>...`.
 *
 * Reads the logs through telemetry.parse and draws one row for each operation, one column for each stretch of time: the darker, the slower
 * against the operation's usual. Changes nothing in the repository. `selfheal telemetry top` shows the same with more figures; this shows
 * how a program of your own gets at them.
 */
import { resolve } from 'node:path';
import { createSelfHealing, HEAT_LEVELS, heatLevel, NO_CALLS, type OperationRow, operationsReport, printable } from 'selfheal';

type Row = Pick<OperationRow, 'operation' | 'p50' | 'shareOfTime' | 'heat'>;

/** The rows of the picture, in the report's order; empty where nothing was timed. */
export function heatmap(operations: readonly Row[]): string[] {
  const timed = operations.filter(({ p50 }) => p50 !== undefined);
  const width = Math.max(0, ...timed.map(({ operation }) => printable(operation).length));
  return timed.map(({ operation, p50 = 0, shareOfTime, heat }) => {
    const cells = heat.map((cell) => (cell === undefined ? NO_CALLS.shade : (HEAT_LEVELS[heatLevel(cell.ratio)]?.shade ?? '')));
    return `${printable(operation).padEnd(width)} │${cells.join('')}│ p50 ${p50.toFixed(1)} ms, ${(shareOfTime * 100).toFixed(0)} % of all time`;
  });
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
    const { operations } = await operationsReport(healing);
    console.log(heatmap(operations).join('\n') || 'Nothing in these logs has a duration.');
  } finally {
    await healing.stop();
  }
}
