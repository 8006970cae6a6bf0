import type { Anomaly, Detector, TelemetrySnapshot } from '@selfheal/contracts';
import { thresholdFactor } from '../naming/threshold.ts';
import { findMixChange } from './count-vectors.ts';
import { logWindows } from './log-windows.ts';
import { findNewEvents } from './new-events.ts';
import { LOG_PATTERNS, mixChangeAnomaly, newEventsAnomaly, PLACE } from './pattern-anomaly.ts';

/**
 * Logs that carry no trace or request id tell no flows; what they tell is which kinds of lines come, and how often. New warnings and
 * errors are told for every log, a changed mix only where there are no flows: with flows, these say it better. Findings, since a kind
 * of line names no place in the code.
 */
export const detectLogPatterns: Detector = {
  name: LOG_PATTERNS,
  type: 'behavioral',
  detect(snapshot) {
    const seen = logWindows(snapshot);
    if (seen === undefined) return [];
    const factor = thresholdFactor(snapshot, LOG_PATTERNS, PLACE);
    return [...newEventsIn(snapshot, seen, factor), ...mixChangeIn(snapshot, seen, factor)];
  },
};

type Seen = NonNullable<ReturnType<typeof logWindows>>;

/** A dismissal asks for smaller p-values. */
function newEventsIn(snapshot: TelemetrySnapshot, seen: Seen, factor: number): Anomaly[] {
  const found = findNewEvents(seen.windows).filter(({ pValue }) => pValue * factor ** PER_DISMISSAL < 1e-4);
  return found.length === 0 ? [] : [newEventsAnomaly(snapshot, seen, found)];
}

function mixChangeIn(snapshot: TelemetrySnapshot, seen: Seen, factor: number): Anomaly[] {
  if (snapshot.flows.length > 0) return [];
  const change = findMixChange(seen.windows);
  if (change === undefined || (change.distances.at(-1) ?? 0) <= change.allowed * factor) return [];
  return [mixChangeAnomaly(snapshot, seen, change)];
}

/** A dismissal multiplies the factor by 1.5: this makes it a tenth of the p-value. */
const PER_DISMISSAL = Math.log(10) / Math.log(1.5);
