import type { TelemetrySlice } from '@selfheal/contracts';
import { mergeSlices } from './slices.ts';

/**
 * Joins slices of several batches by release and stretch of time, `widthMs` wide or as wide as the slice itself where that is wider:
 * nothing is ever cut, so counts stay what they were. `widthMs` is one of those that sliceWidth gives.
 */
export function joinSlices(slices: readonly TelemetrySlice[], widthMs: number): TelemetrySlice[] {
  const groups = Map.groupBy(slices, (slice) => {
    const width = Math.max(widthMs, slice.bucketMs);
    return JSON.stringify([slice.release, width, Math.floor(slice.bucketStart / width)]);
  });
  return [...groups.values()]
    .map((group) => joined(group, widthMs))
    .sort((a, b) => a.bucketStart - b.bucketStart || (a.release < b.release ? -1 : 1));
}

function joined(group: readonly TelemetrySlice[], widthMs: number): TelemetrySlice {
  const merged = mergeSlices(group);
  const bucketMs = group.reduce((width, slice) => Math.max(width, slice.bucketMs), widthMs);
  return { ...merged, bucketStart: Math.floor(merged.bucketStart / bucketMs) * bucketMs, bucketMs };
}
