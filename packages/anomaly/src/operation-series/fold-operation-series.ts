import type { OperationSeries, OperationStats, TelemetrySlice } from '@selfheal/contracts';

/** What a stretch of time adds up to; sums, so that stretches can be joined. */
interface Cell {
  calls: number;
  errors: number;
  timed: number;
  /** Sum of the natural logarithms of the durations (ms). */
  logSum: number;
}

/** Sums by operation and minute, grown slice by slice. */
export interface SeriesFold {
  readonly cells: Map<string, Map<number, Cell>>;
  widestMs: number;
  /** Slices that are too wide to place end here at the latest: what lies before is left out. */
  notBefore: number;
  until: number;
}

const FINEST_MS = 60_000;
const COARSEST_MS = 600_000;
/** The rows that the scorer needs before it judges, and some to judge. */
export const LEAST_ROWS = 120;
const MAX_OPERATIONS = 40;
/** Operations kept while reading: which are the busiest shows only at the end. */
const MAX_HELD = 400;
const LEAST_MS = 1e-3;

export function newSeriesFold(): SeriesFold {
  return { cells: new Map(), widestMs: FINEST_MS, notBefore: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
}

/** Adds slices as they are stored. One that is too wide to show a course is left out, and so is all before its end. */
export function addToSeries(fold: SeriesFold, slices: readonly TelemetrySlice[]): void {
  for (const { bucketStart, bucketMs, to, operations } of slices) {
    fold.until = Math.max(fold.until, to);
    if (bucketMs > COARSEST_MS) {
      fold.notBefore = Math.max(fold.notBefore, bucketStart + bucketMs);
      continue;
    }
    fold.widestMs = Math.max(fold.widestMs, bucketMs);
    for (const stats of operations) add(cellOf(fold, stats.operation, floorTo(bucketStart, FINEST_MS)), cellOfStats(stats));
  }
  if (fold.cells.size > MAX_HELD) keepBusiest(fold);
}

/** The series of the busiest operations, without the first and the last stretch, which may be incomplete. Empty where there are too few stretches. */
export function seriesOf(fold: SeriesFold): OperationSeries[] {
  const { widestMs: bucketMs, until } = fold;
  const from = floorTo(fold.notBefore, bucketMs) + bucketMs;
  const rows = [...fold.cells].map(([operation, cells]) => ({ operation, cells: coarsen(cells, bucketMs, from, until) }));
  const known = new Set(rows.flatMap(({ cells }) => [...cells.keys()]));
  const starts = [...known].sort((a, b) => a - b).slice(1);
  if (starts.length < LEAST_ROWS) return [];
  return rows
    .map(({ operation, cells }) => ({ operation, cells, calls: callsOf(cells) }))
    .sort((a, b) => b.calls - a.calls || a.operation.localeCompare(b.operation))
    .slice(0, MAX_OPERATIONS)
    .map(({ operation, cells }) => ({ operation, bucketMs, rows: starts.map((start) => rowOf(start, cells.get(start))) }));
}

function cellOf({ cells }: SeriesFold, operation: string, start: number): Cell {
  const own = cells.get(operation) ?? new Map<number, Cell>();
  cells.set(operation, own);
  const cell = own.get(start) ?? { calls: 0, errors: 0, timed: 0, logSum: 0 };
  own.set(start, cell);
  return cell;
}

/** The samples stand for all timed calls. */
function cellOfStats({ count, errors, timed, samples }: OperationStats): Cell {
  const logs = samples.reduce((sum, [, ms]) => sum + Math.log(Math.max(ms, LEAST_MS)), 0);
  const known = samples.length === 0 ? 0 : timed;
  return { calls: count, errors, timed: known, logSum: known === 0 ? 0 : (logs / samples.length) * known };
}

function add(cell: Cell, { calls, errors, timed, logSum }: Cell): void {
  cell.calls += calls;
  cell.errors += errors;
  cell.timed += timed;
  cell.logSum += logSum;
}

function coarsen(cells: ReadonlyMap<number, Cell>, bucketMs: number, from: number, until: number): Map<number, Cell> {
  const coarse = new Map<number, Cell>();
  for (const [at, cell] of cells) {
    const start = floorTo(at, bucketMs);
    if (start < from || start + bucketMs > until) continue;
    const known = coarse.get(start);
    if (known === undefined) coarse.set(start, { ...cell });
    else add(known, cell);
  }
  return coarse;
}

/** A stretch in which others were called and this operation was not. */
const NOTHING: Cell = { calls: 0, errors: 0, timed: 0, logSum: 0 };

function rowOf(start: number, { calls, errors, timed, logSum }: Cell = NOTHING): OperationSeries['rows'][number] {
  return { start, calls, errors, typicalMs: timed === 0 ? null : Math.exp(logSum / timed) };
}

function keepBusiest({ cells }: SeriesFold): void {
  const idle = [...cells].sort(([, a], [, b]) => callsOf(b) - callsOf(a)).slice(MAX_HELD / 2);
  for (const [operation] of idle) cells.delete(operation);
}

function callsOf(cells: ReadonlyMap<number, Cell>): number {
  return [...cells.values()].reduce((sum, { calls }) => sum + calls, 0);
}

function floorTo(time: number, width: number): number {
  return Math.floor(time / width) * width;
}
