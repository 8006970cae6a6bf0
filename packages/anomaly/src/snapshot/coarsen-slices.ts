import type { TelemetrySlice } from '@selfheal/contracts';

/** Points of the time axis of one release: enough to find a change, few enough to hold. */
const MAX_BUCKETS = 48;
const MAX_SAMPLES = 96;
const MAX_CALLS = 8;

/** The coarse stretches of time into which slices are merged. Epoch ms. */
export interface TimeAxis {
  readonly from: number;
  readonly bucketMs: number;
}

export function timeAxis(from: number, to: number): TimeAxis {
  return { from, bucketMs: Math.max(1000, Math.ceil((to - from) / MAX_BUCKETS / 1000) * 1000) };
}

/**
 * Merges slices by release and stretch of the axis. Stored slices are parts of batches and differ in width; one that is wider than
 * a stretch counts for the one it begins in. May be fed its own result with more slices. `merge` is that of the telemetry package.
 */
export function coarsenSlices(
  slices: readonly TelemetrySlice[],
  { from, bucketMs }: TimeAxis,
  merge: (slices: readonly TelemetrySlice[]) => TelemetrySlice,
): TelemetrySlice[] {
  const groups = Map.groupBy(slices, ({ release, bucketStart }) => JSON.stringify([release, Math.floor((bucketStart - from) / bucketMs)]));
  return [...groups.values()]
    .map((group) => merge(group))
    .sort((a, b) => a.bucketStart - b.bucketStart || a.release.localeCompare(b.release));
}

/**
 * Leaves out what no detector reads. Bottom-k samples stay unbiased when their largest hashes are cut, and the pool of all
 * stretches has enough again; but cut samples must not be merged by union, so this comes last.
 */
export function slimSlice(slice: TelemetrySlice): TelemetrySlice {
  const operations = slice.operations.map((stats) => ({
    ...stats,
    samples: [...stats.samples].sort((a, b) => a[0] - b[0]).slice(0, MAX_SAMPLES),
    calls: stats.calls.slice(0, MAX_CALLS),
  }));
  return { ...slice, operations };
}
