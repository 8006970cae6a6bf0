import { randomUUID } from 'node:crypto';
import { incidentId, placeKey, raiseThreshold } from '@selfheal/anomaly';
import { type Anomaly, type Incident, type Records, SelfhealError } from '@selfheal/contracts';

/** Marks the incident dismissed and makes its detector less sensitive at that place, in one transaction. */
export function dismissIncident(records: Records, id: string, decision: { by: string; why: string }): Promise<Incident> {
  return records.transaction(async (tx) => {
    const incident = await tx.need('incident', id);
    const anomaly = await tx.need('anomaly', incident.anomalyId);
    const now = Date.now();
    await makeLessSensitive(tx, anomaly, decision, { now, subject: id, incidentId: id });
    return tx.update('incident', id, (current) => ({ ...current, status: 'dismissed', reason: decision.why, updatedAt: now }));
  });
}

/** A finding has no incident: dismissing it only teaches its detector. Fails with INPUT_INVALID where an incident stands for its cause. */
export function dismissFinding(records: Records, anomalyId: string, decision: { by: string; why: string }): Promise<Anomaly> {
  return records.transaction(async (tx) => {
    const anomaly = await tx.need('anomaly', anomalyId);
    const incident = await tx.get('incident', incidentId(anomaly.projectId, anomaly.fingerprint));
    if (incident !== undefined)
      throw new SelfhealError('INPUT_INVALID', `${anomalyId} belongs to incident ${incident.id}; dismiss that`, {
        where: { anomaly: anomalyId },
      });
    await makeLessSensitive(tx, anomaly, decision, { now: Date.now(), subject: anomalyId });
    return anomaly;
  });
}

async function makeLessSensitive(
  tx: Records,
  { projectId, detector, place: at }: Anomaly,
  decision: { by: string; why: string },
  { now, subject, incidentId: incident }: { now: number; subject: string; incidentId?: string },
): Promise<void> {
  const place = placeKey(at);
  const [known] = await tx.list('model', { where: { projectId, kind: 'threshold', key: `${detector}|${place}` }, limit: 1 });
  const { model, change } = raiseThreshold(known, { projectId, detector, place, why: decision.why, now });
  await tx.put('model', model);
  await tx.put('modelChange', { ...change, ...(incident === undefined ? {} : { incidentId: incident }) });
  await tx.put('audit', { id: randomUUID(), projectId, at: now, actor: decision.by, action: 'dismiss', subject, detail: decision.why });
}
