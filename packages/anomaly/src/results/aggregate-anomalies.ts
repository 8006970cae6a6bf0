import type { Anomaly, LearnedModel, TelemetrySnapshot } from '@selfheal/contracts';
import { findCause } from './find-cause.ts';
import { learnFromHealthy } from './learn-from-healthy.ts';

export interface AggregatedAnomalies {
  anomalies: Anomaly[];
  suppressed: { fingerprint: string; because: string }[];
  learned: LearnedModel[];
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const TYPES = ['error', 'behavioral', 'performance', 'coverage'];

/**
 * One anomaly for each cause: equal fingerprints joined, consequences of others dropped and cited by their cause. Incidents come
 * before findings, the severe before the mild.
 */
export function aggregateAnomalies(snapshot: TelemetrySnapshot, found: readonly Anomaly[]): AggregatedAnomalies {
  const distinct = joinEqual(found);
  const causes = new Map(distinct.map((anomaly) => [anomaly, rootCause(anomaly, distinct, snapshot)]));
  const kept = distinct.filter((anomaly) => causes.get(anomaly) === undefined);
  const suppressed = distinct.flatMap((anomaly) => {
    const cause = causes.get(anomaly);
    return cause === undefined
      ? []
      : [{ fingerprint: anomaly.fingerprint, because: `${anomaly.title}: a consequence of "${cause.title}"` }];
  });
  const anomalies = kept
    .map((cause) =>
      citing(
        cause,
        distinct.filter((anomaly) => causes.get(anomaly) === cause),
      ),
    )
    .sort(byWeight);
  return { anomalies, suppressed, learned: learnFromHealthy(snapshot, distinct) };
}

/** Detectors of plugins may see what ours see: the surer one speaks. */
function joinEqual(found: readonly Anomaly[]): Anomaly[] {
  return [...Map.groupBy(found, ({ fingerprint }) => fingerprint).values()].flatMap((same) => {
    const [surest, ...others] = same.sort((a, b) => b.confidence - a.confidence);
    if (surest === undefined) return [];
    return [{ ...surest, finding: surest.finding && others.every(({ finding }) => finding) }];
  });
}

/** Follows consequence to cause to its end; a circle has no end and stands. */
function rootCause(anomaly: Anomaly, all: readonly Anomaly[], snapshot: TelemetrySnapshot): Anomaly | undefined {
  const passed = new Set<Anomaly>([anomaly]);
  let cause = findCause(anomaly, all, snapshot);
  if (cause === undefined) return undefined;
  for (;;) {
    const next = findCause(cause, all, snapshot);
    if (next === undefined) return cause;
    if (passed.has(next)) return undefined;
    passed.add(cause);
    cause = next;
  }
}

function citing(cause: Anomaly, consequences: readonly Anomaly[]): Anomaly {
  if (consequences.length === 0) return cause;
  return { ...cause, description: `${cause.description} It also shows as: ${consequences.map(({ title }) => title).join('; ')}.` };
}

function byWeight(a: Anomaly, b: Anomaly): number {
  return (
    Number(a.finding) - Number(b.finding) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    TYPES.indexOf(a.type) - TYPES.indexOf(b.type) ||
    (b.metrics.uses ?? 0) - (a.metrics.uses ?? 0) ||
    b.confidence - a.confidence ||
    a.fingerprint.localeCompare(b.fingerprint)
  );
}
