import { type BeatInput, type Handler, type Ports, SelfhealError } from '@selfheal/contracts';
import { advance, effectKey } from './deployment-record.ts';

type Input = BeatInput<'revertDeployment'>;

/**
 * Sequence deployment.deploy, movement Ship (extra beat); also run alone by `selfheal revert`. Undoes a fix: bars its patch, reverts the
 * merge in git, deploys the result where the fix had been deployed. Reads deployment. Writes barredPatch, the default branch, production,
 * deployment, incident. Fails with REPO_DIRTY, PATCH_CONFLICT, DEPLOY_FAILED, INPUT_INVALID (nothing was merged). Keyed by patch and base.
 */
export const revertDeployment: Handler<'revertDeployment'> = async (input, ports) => {
  const { deploymentId, patch, merge, verification } = input;
  const { records, forge } = ports;
  if (merge.mergeCommit === undefined)
    throw new SelfhealError('INPUT_INVALID', 'nothing was merged, so nothing can be reverted', { where: { deployment: deploymentId } });
  const before = await records.need('deployment', deploymentId);
  const redeploys = input.command !== undefined && before.deploy?.deployed === true;
  if (before.status === 'reverted' && before.revertCommit !== undefined)
    return { revertCommit: before.revertCommit, redeployed: redeploys };
  await bar(input, ports);
  const { revertCommit, treeUpdated } = await forge.revert({
    mergeCommit: merge.mergeCommit,
    key: effectKey(deploymentId, patch.base, 'revert'),
    why: verification.detail,
  });
  await advance(ports, deploymentId, { revertCommit, treeUntouched: !treeUpdated });
  if (redeploys) await redeploy(input, ports, revertCommit);
  await advance(ports, deploymentId, { status: 'reverted', reason: verification.detail });
  await markReverted(input, ports);
  return { revertCommit, redeployed: redeploys };
};

/** First of all, so that no other run ships it while this one is under way. */
async function bar({ patch, incident, verification }: Input, { records, clock }: Ports): Promise<void> {
  await records.insert('barredPatch', {
    id: `${patch.projectId}|${patch.hash}`,
    projectId: patch.projectId,
    hash: patch.hash,
    why: verification.detail,
    incidentId: incident.id,
    createdAt: clock.now(),
  });
}

async function redeploy({ deploymentId, patch, command }: Input, { forge, project, beat }: Ports, commit: string): Promise<void> {
  if (command === undefined) return;
  await forge.deploy({
    command,
    key: effectKey(deploymentId, patch.base, 'redeploy'),
    commit,
    timeoutMs: project.config.deploy.timeoutMs,
    signal: beat.signal,
    onOutput: (line) => beat.heartbeat(line),
  });
}

async function markReverted({ incident, verification }: Input, { records, clock }: Ports): Promise<void> {
  await records.update('incident', incident.id, (found) => ({
    ...found,
    status: 'reverted',
    reason: verification.detail,
    updatedAt: clock.now(),
  }));
}
