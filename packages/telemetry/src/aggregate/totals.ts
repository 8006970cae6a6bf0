import type { BeatOutput, TelemetryEvent, TelemetrySlice } from '@selfheal/contracts';

export type Totals = BeatOutput<'aggregateTelemetryMetrics'>['totals'];

export function totalsOf(events: readonly TelemetryEvent[], slices: readonly TelemetrySlice[]): Totals {
  const operations = new Set(slices.flatMap((slice) => slice.operations.map((stats) => stats.operation)));
  const releases = new Set(slices.map((slice) => slice.release).filter((release) => release !== ''));
  return {
    events: events.length,
    errors: slices.reduce((sum, slice) => sum + slice.errors.reduce((total, stats) => total + stats.count, 0), 0),
    operations: operations.size,
    releases: [...releases],
    ...(slices.length === 0
      ? {}
      : { from: Math.min(...slices.map((slice) => slice.from)), to: Math.max(...slices.map((slice) => slice.to)) }),
  };
}
