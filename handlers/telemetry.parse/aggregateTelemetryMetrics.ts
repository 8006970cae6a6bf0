import type { Handler } from '@selfheal/contracts';
import { slicesOf, totalsOf } from '@selfheal/telemetry';

/**
 * Sequence telemetry.parse, movement Aggregation. Metrics by operation, errors by fingerprint and templates, in slices of time and
 * release. Flows are folded where the whole window is known, by anomaly.detect. Reads and writes nothing.
 */
export const aggregateTelemetryMetrics: Handler<'aggregateTelemetryMetrics'> = ({ events }) => {
  const slices = slicesOf(events);
  return { slices, totals: totalsOf(events, slices) };
};
