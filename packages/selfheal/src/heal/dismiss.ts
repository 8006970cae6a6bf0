import { randomUUID } from 'node:crypto';
import { placeKey, raiseThreshold } from '@selfheal/anomaly';
import type { Incident, Records } from '@selfheal/contracts';

/** Marks the incident dismissed and makes its detector less sensitive at that place, in one transaction. */
export function dismissIncident(records: Records, incidentId: string, decision: { by: string; why: string }): Promise<Incident> {
  return records.transaction(async (tx) => {
    const incident = await tx.need('incident', incidentId);
    const anomaly = await tx.need('anomaly', incident.anomalyId);
    const now = Date.now();
    const place = placeKey(anomaly.place);
    const [known] = await tx.list('model', {
      where: { projectId: incident.projectId, kind: 'threshold', key: `${anomaly.detector}|${place}` },
      limit: 1,
    });
    const { model, change } = raiseThreshold(known, {
      projectId: incident.projectId,
      detector: anomaly.detector,
      place,
      why: decision.why,
      now,
    });
    await tx.put('model', model);
    await tx.put('modelChange', { ...change, incidentId });
    await tx.put('audit', {
      id: randomUUID(),
      projectId: incident.projectId,
      at: now,
      actor: decision.by,
      action: 'dismiss',
      subject: incidentId,
      detail: decision.why,
    });
    return tx.update('incident', incidentId, (current) => ({ ...current, status: 'dismissed', reason: decision.why, updatedAt: now }));
  });
}
