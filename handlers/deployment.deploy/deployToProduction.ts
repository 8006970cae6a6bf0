import type { Handler } from '@selfheal/contracts';
import { advance, effectKey } from './deployment-record.ts';

/**
 * Sequence deployment.deploy, movement Ship. Runs the deploy command with SELFHEAL_DEPLOY_KEY, unless the policy stops at the merge or no
 * command is set. Reads deployment. Writes production, deployment. Fails with DEPLOY_FAILED (the merge stays). A deploy that ended well is
 * not run again; one that was cut off is, under the same key, for which the command must be idempotent.
 */
export const deployToProduction: Handler<'deployToProduction'> = async ({ deploymentId, merge, command, patch }, ports) => {
  const { forge, project, clock, beat, records } = ports;
  const key = effectKey(deploymentId, patch.base, 'deploy');
  const wanted = project.config.policy.stopAfter !== 'merge' && project.config.policy.stopAfter !== 'validate';
  if (command === undefined || !wanted || !merge.merged || merge.mergeCommit === undefined) {
    const why =
      command === undefined ? 'no deploy command is set' : merge.merged ? 'the policy stops before the deploy' : 'nothing was merged';
    return { deploy: { deployed: false, key, output: why, at: clock.now(), durationMs: 0 } };
  }
  const { deploy: known } = await records.need('deployment', deploymentId);
  if (known?.deployed && known.key === key) return { deploy: known };
  const deploy = await forge.deploy({
    command,
    key,
    commit: merge.mergeCommit,
    timeoutMs: project.config.deploy.timeoutMs,
    signal: beat.signal,
    onOutput: (line) => beat.heartbeat(line),
  });
  await advance(ports, deploymentId, { deploy, status: 'deployed' });
  return { deploy };
};
