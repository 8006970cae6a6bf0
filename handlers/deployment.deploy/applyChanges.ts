import type { Handler } from '@selfheal/contracts';
import { commitBody, commitSubject, trailersOf } from './commit-text.ts';
import { advance, effectKey } from './deployment-record.ts';

/**
 * Sequence deployment.deploy, movement Ship. Commits the patch on its branch, in the object store alone.
 * Reads the base tree. Writes a commit, deployment. Fails with PATCH_CONFLICT, PATCH_FORBIDDEN, GIT_HEAD_MOVED. Keyed by patch and base.
 */
export const applyChanges: Handler<'applyChanges'> = async (input, ports) => {
  const { deploymentId, incident, patch, validation, diagnosis, branch, base } = input;
  const { commit } = await ports.forge.commit({
    branch,
    base,
    edits: patch.edits,
    subject: commitSubject(incident, patch),
    body: commitBody(diagnosis, patch),
    trailers: trailersOf(incident, patch, validation),
    key: effectKey(deploymentId, base, 'commit'),
  });
  await advance(ports, deploymentId, { commit });
  return { commit };
};
