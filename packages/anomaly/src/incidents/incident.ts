import type { Anomaly, Incident } from '@selfheal/contracts';
import { incidentId } from '../naming/fingerprint.ts';
import { newestEvidence } from './reopening.ts';

/** A new incident for the cause of an anomaly. The workflow's id carries the fingerprint, so that one cause has one open fix. */
export function incidentFor(anomaly: Anomaly, now: number): Incident {
  const { projectId, type, fingerprint, title, severity, evidence } = anomaly;
  const seen = newestEvidence(anomaly);
  return {
    id: incidentId(projectId, fingerprint),
    projectId,
    type,
    fingerprint,
    title,
    status: 'open',
    severity,
    generation: 0,
    occurrences: 1,
    firstSeen: Math.min(seen, ...evidence.map(({ time }) => time)),
    lastSeen: seen,
    anomalyId: anomaly.id,
    workflowId: `heal/${projectId}/${fingerprint}`,
    createdAt: now,
    updatedAt: now,
  };
}

/** The incident with one more sight of its cause. The same evidence seen again changes nothing, so a repeated run counts once. */
export function joinOccurrence(incident: Incident, anomaly: Anomaly, now: number, isOpen: boolean): Incident {
  const seen = newestEvidence(anomaly);
  if (seen <= incident.lastSeen) return incident;
  const occurrences = incident.occurrences + 1;
  // A closed incident keeps the anomaly it was closed with: that is what new evidence is compared with.
  if (!isOpen) return { ...incident, occurrences, lastSeen: seen };
  return {
    ...incident,
    title: anomaly.title,
    severity: anomaly.severity,
    occurrences,
    lastSeen: seen,
    anomalyId: anomaly.id,
    updatedAt: now,
  };
}

/** Opens it anew: diagnosis, patch and the rest belong to the generation before and stay in their records. */
export function reopenedIncident(incident: Incident, anomaly: Anomaly, why: string, now: number): Incident {
  const { diagnosisId: _d, patchId: _p, validationId: _v, deploymentId: _y, effectivenessId: _e, ...rest } = incident;
  return {
    ...rest,
    title: anomaly.title,
    severity: anomaly.severity,
    status: 'open',
    generation: incident.generation + 1,
    occurrences: incident.occurrences + 1,
    lastSeen: Math.max(incident.lastSeen, newestEvidence(anomaly)),
    anomalyId: anomaly.id,
    reason: why,
    updatedAt: now,
  };
}
