import type { Plot, TelemetrySlice, TelemetrySnapshot } from '@selfheal/contracts';
import { earlierReleases } from '../releases/live-releases.ts';
import { type Point, plotOf } from './plot.ts';

const MINUTE = 60_000;

/**
 * Occurrences a minute by stretch of time. Before: the releases before this one; where there is none, the time before it was first
 * seen.
 */
export function errorRatePlot(snapshot: TelemetrySnapshot, error: { fingerprint: string; release: string; firstSeen: number }): Plot {
  const earlier = new Set(earlierReleases(snapshot.releases, error.release).map(({ name }) => name));
  const countIn = ({ errors }: TelemetrySlice): number => errors.find(({ fingerprint }) => fingerprint === error.fingerprint)?.count ?? 0;
  const known = snapshot.slices.filter(({ release }) => release === error.release || earlier.has(release));
  const isBefore = (slice: TelemetrySlice): boolean =>
    earlier.size > 0 ? earlier.has(slice.release) : slice.bucketStart + slice.bucketMs <= error.firstSeen;
  const pointsOf = (slices: readonly TelemetrySlice[]): Point[] => ratesOf(slices, countIn);
  return plotOf('times a minute', pointsOf(known.filter(isBefore)), pointsOf(known.filter((slice) => !isBefore(slice))));
}

/** Calls a minute of the operations named, over all releases. */
export function callRatePlot({ slices }: TelemetrySnapshot, isOf: (operation: string, handler: string | undefined) => boolean): Plot {
  const callsIn = ({ operations }: TelemetrySlice): number =>
    operations.filter(({ operation, handler }) => isOf(operation, handler)).reduce((sum, { count }) => sum + count, 0);
  return plotOf('calls a minute', [], ratesOf(slices, callsIn));
}

/** Stretches of several releases that begin together are one point. */
function ratesOf(slices: readonly TelemetrySlice[], countIn: (slice: TelemetrySlice) => number): Point[] {
  const byStart = Map.groupBy(slices, ({ bucketStart }) => bucketStart);
  return [...byStart].map(([start, same]) => {
    const width = Math.max(...same.map(({ bucketMs }) => bucketMs));
    return [start, (same.reduce((sum, slice) => sum + countIn(slice), 0) * MINUTE) / Math.max(1, width)];
  });
}
