import type { ClosedFacts } from '@selfheal/anomaly';
import type { Anomaly, Deployment, Incident, Ports } from '@selfheal/contracts';

/** What is known of a closed incident's end, and how the new evidence relates to it. */
export async function readClosedFacts(incident: Incident, anomaly: Anomaly, { records, forge }: Ports): Promise<ClosedFacts> {
  const deployment = await lastDeployment(incident, { records });
  const diagnosis = incident.diagnosisId === undefined ? undefined : await records.get('diagnosis', incident.diagnosisId);
  const fix = incident.status === 'reverted' ? (deployment?.revertCommit ?? deployment?.mergeCommit) : deployment?.mergeCommit;
  return {
    anomaly: await records.get('anomaly', incident.anomalyId),
    deployment,
    containsFix: fix === undefined || anomaly.release === undefined ? undefined : await forge.releaseContains(anomaly.release, fix),
    diagnosedCommit: diagnosis?.commit,
    headCommit: (await forge.state()).head,
  };
}

async function lastDeployment({ id, deploymentId }: Incident, { records }: Pick<Ports, 'records'>): Promise<Deployment | undefined> {
  const named = deploymentId === undefined ? undefined : await records.get('deployment', deploymentId);
  if (named !== undefined) return named;
  const [newest] = await records.list('deployment', {
    where: { incidentId: id },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: 1,
  });
  return newest;
}
