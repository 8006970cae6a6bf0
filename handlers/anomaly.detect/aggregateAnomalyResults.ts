import { aggregateAnomalies } from '@selfheal/anomaly';
import type { Handler } from '@selfheal/contracts';

/**
 * Sequence anomaly.detect, movement Results. One anomaly for each cause, consequences dropped with their reason, sorted; and what the
 * healthy operations and flows teach for later windows.
 * Reads: the snapshot and the detectors' anomalies. Writes: nothing. Fails: never.
 */
export const aggregateAnomalyResults: Handler<'aggregateAnomalyResults'> = ({ snapshot, performance, behavioral, coverage, errors }) =>
  aggregateAnomalies(snapshot, [...errors, ...behavioral, ...performance, ...coverage]);
