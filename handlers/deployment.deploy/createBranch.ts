import type { Handler } from '@selfheal/contracts';
import { advance, branchNameOf } from './deployment-record.ts';

/**
 * Sequence deployment.deploy, movement Ship. A branch at the commit on which the patch was proved; no working tree is touched.
 * Reads the repository. Writes a branch, deployment. Fails with GIT_FAILED, RECORD_MISSING. Keyed by the branch's name.
 */
export const createBranch: Handler<'createBranch'> = async ({ deploymentId, incident, patch, validation, approval, repo }, ports) => {
  const base = validation.base;
  const { branch } = await ports.forge.createBranch({ name: branchNameOf(incident, patch), base });
  await advance(ports, deploymentId, { branch, baseBranch: repo.branch, approval, status: 'branch' });
  return { branch, baseBranch: repo.branch, base };
};
