import type { Handler } from '@selfheal/contracts';
import { foldFlows, slicesOf, totalsOf } from '@selfheal/telemetry';

/**
 * Sequence telemetry.parse, movement Aggregation. Metrics by operation, errors by fingerprint and templates, in slices of time and
 * release; the flows of this batch. Reads and writes nothing.
 */
export const aggregateTelemetryMetrics: Handler<'aggregateTelemetryMetrics'> = ({ events }) => {
  const slices = slicesOf(events);
  const totals = totalsOf(events, slices);
  return { slices, flows: foldFlows(events, { now: totals.to ?? 0 }), totals };
};
