import { SelfhealError } from '@selfheal/contracts';
import { git, tryGit } from '@selfheal/repository';
import { branchHead, type Repository } from '../git/repository.ts';

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
  try {
    await git(repository.root, ['update-ref', '-m', 'selfheal: branch for a fix', `refs/heads/${name}`, commit, '']);
  } catch (error) {
    const raced = await branchHead(repository, name);
    if (raced === undefined) throw error;
    return { branch: name, head: raced, created: false };
  }
  return { branch: name, head: commit, created: true };
}
