import { SelfhealError } from '@selfheal/contracts';
import { tryGit } from '@selfheal/repository';
import { branchHead, type Repository } from '../git/repository.ts';

/**
 * The branch that fixes are merged into: what origin calls its head, else `main`, else `master`, else the one that is checked out.
 * Fails with REPO_NO_COMMIT or REPO_NO_BRANCH.
 */
export async function defaultBranch(repository: Repository): Promise<{ branch: string; head: string }> {
  const origin = await tryGit(repository.root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const current = await tryGit(repository.root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  for (const branch of [origin?.replace(/^origin\//, ''), 'main', 'master', current]) {
    const head = branch === undefined || branch === '' ? undefined : await branchHead(repository, branch);
    if (branch !== undefined && head !== undefined) return { branch, head };
  }
  const detached = await tryGit(repository.root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const where = { repository: repository.root };
  if (detached === undefined) throw new SelfhealError('REPO_NO_COMMIT', 'git knows no commit here', { where });
  throw new SelfhealError('REPO_NO_BRANCH', 'HEAD is detached, and there is neither main nor master', { where });
}
