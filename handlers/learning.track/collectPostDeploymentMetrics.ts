import type { Anomaly, BeatInput, Deployment, Handler, MetricSummary, Ports } from '@selfheal/contracts';
import { eventsAtFix } from '../deployment.deploy/observe/events-at-fix.ts';
import { type Observation, observe, observeBefore } from '../deployment.deploy/observe/observation.ts';
import { summarise } from './summarise.ts';

/**
 * Sequence learning.track, movement Load. Production before (the release and window in which the fault was found, up to the deploy) and
 * after (since the deploy, in releases that hold the fix, up to `now` or to the verdict on which it was reverted).
 * Reads lake, releases, git. Writes nothing. Fails with GIT_FAILED, STORE_* (retryable).
 */
export const collectPostDeploymentMetrics: Handler<'collectPostDeploymentMetrics'> = async (input, ports) => {
  const { deployment, anomaly, now } = input;
  const changedAt = deployment.deploy?.deployed ? deployment.deploy.at : Math.min(now, deployment.updatedAt);
  const before = await observeBefore(ports, anomaly, changedAt);
  const after = await observeAfter(input, changedAt, ports);
  return {
    before: { ...summarise(before, anomaly), ...coverageOf(anomaly, deployment, 'before') },
    after: { ...summarise(after, anomaly), ...coverageOf(anomaly, deployment, 'after') },
  };
};

async function observeAfter(
  { projectId, deployment, now }: BeatInput<'collectPostDeploymentMetrics'>,
  changedAt: number,
  ports: Ports,
): Promise<Observation> {
  const { mergeCommit, deploy, revertCommit, verification } = deployment;
  const to = Math.max(changedAt, revertCommit === undefined ? now : (verification?.to ?? now));
  if (mergeCommit === undefined || deploy?.deployed !== true) return observe([], changedAt, changedAt);
  const { events } = await eventsAtFix(ports, { projectId, commit: mergeCommit, deployedAt: changedAt }, to + 1);
  return observe(events, changedAt, to);
}

/** A test gap is measured by the verification, which ran the merged tests. */
function coverageOf(
  { details }: Anomaly,
  { verification }: Deployment,
  side: 'before' | 'after',
): Pick<MetricSummary, 'coveredLines' | 'totalLines'> {
  const figures = verification?.[side];
  const { coveredLines, totalLines } = figures ?? {};
  if (details.type !== 'coverage' || coveredLines === undefined || totalLines === undefined) return {};
  return { coveredLines, totalLines };
}
