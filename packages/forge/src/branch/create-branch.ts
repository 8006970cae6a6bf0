import { SelfhealError } from '@selfheal/contracts';
import { git, gitFailed, tryGit } from '@selfheal/repository';
import { branchHead, type Repository } from '../git/repository.ts';
import { updateRef } from './update-ref.ts';

/** A branch at `base`, made in the ref store alone; the existing one where it has that name already. */
export async function createBranch(
  repository: Repository,
  request: { name: string; base: string },
): Promise<{ branch: string; head: string; created: boolean }> {
  const { name, base } = request;
  if ((await tryGit(repository.root, ['check-ref-format', '--branch', name])) !== name)
    throw new SelfhealError('INPUT_INVALID', `${JSON.stringify(name)} cannot be the name of a branch`);
  const existing = await branchHead(repository, name);
  if (existing !== undefined) return { branch: name, head: existing, created: false };
  const commit = await git(repository.root, ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`]);
  const args = ['-m', 'selfheal: branch for a fix', `refs/heads/${name}`, commit, ''];
  const { exitCode, stderr } = await updateRef(repository.root, args);
  if (exitCode === 0) return { branch: name, head: commit, created: true };
  const raced = await branchHead(repository, name);
  if (raced === undefined) throw gitFailed(repository.root, ['update-ref', ...args], stderr);
  return { branch: name, head: raced, created: false };
}
