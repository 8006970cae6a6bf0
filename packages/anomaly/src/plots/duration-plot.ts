import type { Plot, TelemetrySnapshot } from '@selfheal/contracts';
import { quantileSorted } from 'simple-statistics';
import { type OperationBucket, type OperationPool, poolOperations } from '../operations/operation-pool.ts';
import type { Slowdown } from '../performance/slowdown.ts';
import { type Point, plotOf } from './plot.ts';

/** An operation's median (or 95th percentile) by stretch of time: what it was compared with, and now. */
export function durationPlot(snapshot: TelemetrySnapshot, now: OperationPool, { reference, shape, expectedMs }: Slowdown): Plot {
  const quantile = shape === 'tail' ? 0.95 : 0.5;
  const measure = `${shape === 'tail' ? '95th percentile' : 'median'} of ${now.operation}, ms`;
  const pointsOf = (buckets: readonly OperationBucket[]): Point[] =>
    buckets.filter(({ samples }) => samples.length > 0).map((bucket) => [bucket.start, quantileOf(bucket, quantile)]);
  switch (reference.from) {
    case 'budget':
      return plotOf(measure, [], pointsOf(now.buckets), expectedMs);
    case 'baseline':
      return plotOf(measure, [[snapshot.window.from, expectedMs]], pointsOf(now.buckets), expectedMs);
    case 'release':
      return plotOf(
        measure,
        pointsOf(poolOfRelease(snapshot, now.operation, reference.before)?.buckets ?? []),
        pointsOf(now.buckets),
        expectedMs,
      );
    case 'window': {
      const split = Date.parse(reference.before?.split('/')[1] ?? '');
      const isBefore = ({ start }: OperationBucket): boolean => start < split;
      const [before, after] = [now.buckets.filter(isBefore), now.buckets.filter((bucket) => !isBefore(bucket))];
      return plotOf(measure, pointsOf(before), pointsOf(after), expectedMs);
    }
  }
}

function poolOfRelease({ slices }: TelemetrySnapshot, operation: string, release: string | undefined): OperationPool | undefined {
  const own = slices
    .filter((slice) => slice.release === release)
    .map((slice) => ({ ...slice, operations: slice.operations.filter((stats) => stats.operation === operation) }));
  return poolOperations(own)[0];
}

function quantileOf({ samples }: OperationBucket, quantile: number): number {
  return quantileSorted(
    samples.map(([, ms]) => ms).sort((a, b) => a - b),
    quantile,
  );
}
