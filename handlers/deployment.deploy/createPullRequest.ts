import type { Handler } from '@selfheal/contracts';
import { advance, effectKey } from './deployment-record.ts';
import { pullRequestBody, pullRequestTitle } from './pull-request-text.ts';

/**
 * Sequence deployment.deploy, movement Ship. Opens the pull request of the branch: cause, evidence, test, proof, and how often fixes of
 * this class held so far. Reads the patch's facts. Writes deployment (which holds it) and its page. Keyed by the branch.
 */
export const createPullRequest: Handler<'createPullRequest'> = async (input, ports) => {
  const { deploymentId, patch, branch, baseBranch, commit } = input;
  const pullRequest = await ports.forge.openPullRequest({
    branch,
    baseBranch,
    head: commit,
    title: pullRequestTitle(input),
    body: pullRequestBody(input, effectKey(deploymentId, patch.base, 'merge')),
    key: effectKey(deploymentId, patch.base, 'commit'),
  });
  await advance(ports, deploymentId, { status: pullRequest.status === 'merged' ? 'merged' : 'open' });
  return { pullRequest };
};
