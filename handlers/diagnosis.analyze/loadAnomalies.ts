import type { Anomaly, Handler, Incident, Records } from '@selfheal/contracts';
import { withProductionCalls } from './production-calls.ts';

/** Newer sightings of one cause may carry better examples; more than these add nothing. */
const SIGHTINGS = 3;

/**
 * diagnosis.analyze, movement load. Reads the incident, its anomalies and what was learned of fixes, and gathers production calls
 * that went well beside those that failed. Takes the incident in hand (`open` becomes `diagnosing`).
 * Reads: incident, anomaly, model, the lake. Writes: the incident's status. Fails: RECORD_MISSING.
 */
export const loadAnomalies: Handler<'loadAnomalies'> = async ({ projectId, incidentId }, { records, lake, project, clock }) => {
  const found = await records.need('incident', incidentId);
  const anomalies = await sightingsOf(records, projectId, found);
  const priors = await records.list('model', { where: { projectId, kind: 'prior' } });
  const enriched = await Promise.all(anomalies.map((anomaly) => withProductionCalls(anomaly, lake)));
  const incident =
    found.status === 'open'
      ? await records.update('incident', incidentId, (one) => ({ ...one, status: 'diagnosing', updatedAt: clock.now() }))
      : found;
  return { incident, anomalies: enriched, priors, minConfidence: project.config.policy.minConfidence };
};

/** The anomaly that opened the incident, and the newest others of its fingerprint. */
async function sightingsOf(records: Records, projectId: string, incident: Incident): Promise<Anomaly[]> {
  const first = await records.need('anomaly', incident.anomalyId);
  const newest = await records.list('anomaly', {
    where: { projectId, fingerprint: incident.fingerprint },
    orderBy: { field: 'detectedAt', direction: 'desc' },
    limit: SIGHTINGS,
  });
  return [first, ...newest.filter((anomaly) => anomaly.id !== first.id)].slice(0, SIGHTINGS);
}
