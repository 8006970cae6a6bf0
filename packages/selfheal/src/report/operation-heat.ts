import type { TelemetrySlice } from '@selfheal/contracts';
import type { Heat } from './operations-report.ts';

/** As many columns as a page or a wide terminal shows. */
const MAX_COLUMNS = 24;
const TAIL = 0.95;
/** What is usual: the lower quartile of the columns, so that it stays the usual while most columns are slow. Of columns with a few calls. */
const USUAL = 0.25;
const FEW = 5;
/** Whatever takes less takes this long: smaller differences are those of the clock. */
const LEAST_MS = 1;

interface Cell {
  readonly calls: number;
  readonly durations: readonly number[];
}

/** The columns of time (their beginnings, epoch ms) and, by operation, how slow its slow end was in each. */
export function heatOf(slices: readonly TelemetrySlice[]): { columns: number[]; heat: Map<string, (Heat | undefined)[]> } {
  const from = Math.min(...slices.map(({ bucketStart }) => bucketStart));
  const to = Math.max(...slices.map(({ bucketStart, bucketMs }) => bucketStart + bucketMs));
  const starts = new Set(slices.map(({ bucketStart }) => bucketStart));
  const count = Math.min(MAX_COLUMNS, starts.size);
  if (count === 0) return { columns: [], heat: new Map() };
  const width = (to - from) / count;
  const columnOf = (start: number): number => Math.min(count - 1, Math.floor((start - from) / width));
  const cells = new Map<string, Map<number, Cell>>();
  for (const { bucketStart, operations } of slices) {
    for (const { operation, timed, samples } of operations) {
      if (timed === 0) continue;
      const row = cells.get(operation) ?? new Map<number, Cell>();
      cells.set(operation, row);
      const known = row.get(columnOf(bucketStart));
      row.set(columnOf(bucketStart), {
        calls: (known?.calls ?? 0) + timed,
        durations: [...(known?.durations ?? []), ...samples.map(([, ms]) => ms)],
      });
    }
  }
  const columns = Array.from({ length: count }, (_, nth) => from + nth * width);
  return { columns, heat: new Map([...cells].map(([operation, row]) => [operation, rowOf(row, count)])) };
}

function rowOf(cells: ReadonlyMap<number, Cell>, count: number): (Heat | undefined)[] {
  const tails = new Map([...cells].map(([column, { durations }]) => [column, quantile(durations, TAIL)]));
  const firm = [...cells].filter(([, { durations }]) => durations.length >= FEW).map(([column]) => tails.get(column) ?? 0);
  const usual = quantile(firm.length === 0 ? [...tails.values()] : firm, USUAL);
  return Array.from({ length: count }, (_, column) => {
    const [cell, p95] = [cells.get(column), tails.get(column)];
    return cell === undefined || p95 === undefined
      ? undefined
      : { calls: cell.calls, p95, ratio: Math.max(p95, LEAST_MS) / Math.max(usual, LEAST_MS) };
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
