import type { Handler } from '@selfheal/contracts';

/** Outcomes further back say little about today's code. */
const MOST_HISTORY = 500;

/**
 * Sequence learning.track, movement Load. Gathers the deployment with what it was for, the models that may learn from it, and earlier
 * outcomes, newest first. Reads deployment, incident, anomaly, patch, validation, model, effectiveness. Writes nothing. Fails with
 * RECORD_MISSING.
 */
export const loadDeploymentInfo: Handler<'loadDeploymentInfo'> = async ({ projectId, incidentId, deploymentId }, { records }) => {
  const deployment = await records.need('deployment', deploymentId);
  const incident = await records.need('incident', incidentId);
  const [anomaly, patch, validation, models, history] = await Promise.all([
    records.need('anomaly', incident.anomalyId),
    records.need('patch', deployment.patchId),
    records.need('validation', deployment.validationId),
    records.list('model', { where: { projectId } }),
    records.list('effectiveness', { where: { projectId }, orderBy: { field: 'createdAt', direction: 'desc' }, limit: MOST_HISTORY }),
  ]);
  const learning = models.filter(({ kind }) => kind === 'prior' || kind === 'calibration' || kind === 'threshold');
  const earlier = history.filter((effect) => effect.deploymentId !== deploymentId);
  return { deployment, incident, anomaly, patch, validation, models: learning, history: earlier };
};
