import { randomUUID } from 'node:crypto';
import { type Records, SelfhealError } from '@selfheal/contracts';
import { readSequence, type SequencePlan, type SequenceResult } from '@selfheal/sequences';

/** One beat of deployment.deploy, run on its own: a person's revert takes the same way as ours after a failed verdict. */
const DOCUMENT = {
  id: 'deployment.revert',
  name: 'Revert',
  movements: [
    {
      id: 'revert',
      name: 'Revert',
      beats: [
        {
          beat: 1,
          event: 'deployment.reverted',
          handler: 'revertDeployment',
          kind: 'stage-crew',
          timing: 'async',
          timeout: '20m',
          retry: { maximumAttempts: 5, initialInterval: '1s', backoff: 2, maximumInterval: '30s' },
        },
      ],
    },
  ],
};

/** What to run to undo an incident's merged fix. Fails with INPUT_INVALID where nothing is merged. */
export async function planRevert(
  records: Records,
  incidentId: string,
  decision: { by: string; why: string },
  command: string | undefined,
): Promise<{ plan: SequencePlan; input: Record<string, unknown> }> {
  const incident = await records.need('incident', incidentId);
  const deployment = incident.deploymentId === undefined ? undefined : await records.get('deployment', incident.deploymentId);
  if (deployment?.mergeCommit === undefined || deployment.revertCommit !== undefined) {
    throw new SelfhealError(
      'INPUT_INVALID',
      deployment?.revertCommit === undefined ? 'this incident has no merged fix' : 'this fix is reverted already',
      { where: { incident: incidentId } },
    );
  }
  const { plan } = readSequence(JSON.stringify(DOCUMENT), { file: 'deployment.revert', handlers: ['revertDeployment'] });
  if (plan === undefined) throw new SelfhealError('SEQUENCE_INVALID', 'deployment.revert');
  const now = Date.now();
  const verification = {
    verdict: 'failed',
    traffic: 0,
    recurrences: 0,
    before: {},
    after: {},
    detail: `reverted by ${decision.by}: ${decision.why}`,
    from: now,
    to: now,
  };
  const patch = await records.need('patch', deployment.patchId);
  const merge = { merged: true, mergeCommit: deployment.mergeCommit, treeUpdated: !deployment.treeUntouched };
  return {
    plan,
    input: { deploymentId: deployment.id, incident, patch, merge, verification, ...(command === undefined ? {} : { command }) },
  };
}

/** Marks the incident reverted and returns the revert commit. */
export async function finishRevert(
  records: Records,
  incidentId: string,
  result: SequenceResult,
  decision: { by: string; why: string },
): Promise<string> {
  const { revertCommit } = result.output;
  if (typeof revertCommit !== 'string')
    throw new SelfhealError('BEAT_FAILED', 'the revert left no commit', { where: { incident: incidentId } });
  const incident = await records.update('incident', incidentId, (current) => ({
    ...current,
    status: 'reverted',
    reason: decision.why,
    updatedAt: Date.now(),
  }));
  await records.put('audit', {
    id: randomUUID(),
    projectId: incident.projectId,
    at: Date.now(),
    actor: decision.by,
    action: 'revert',
    subject: incidentId,
    detail: decision.why,
  });
  return revertCommit;
}
