import { stat } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts';
import { tryGit } from '@selfheal/repository';

/**
 * Name and head of the default branch: what origin calls its head, else `main`, else `master`, else the branch that is checked
 * out. Fails with REPO_MISSING or REPO_NO_COMMIT.
 */
export async function defaultBranch(root: string): Promise<{ branch: string; head: string }> {
  await requireRepository(root);
  for (const branch of await candidateNames(root)) {
    const head = await tryGit(root, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
    if (head) return { branch, head };
  }
  const head = await tryGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head) return { branch: 'HEAD', head };
  throw new SelfhealError('REPO_NO_COMMIT', 'git knows no commit here', { where: { repository: root } });
}

async function requireRepository(root: string): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (!found?.isDirectory()) throw new SelfhealError('REPO_MISSING', 'the folder does not exist', { where: { repository: root } });
  if ((await tryGit(root, ['rev-parse', '--git-dir'])) === undefined) {
    throw new SelfhealError('REPO_MISSING', 'git finds no repository in the folder', { where: { repository: root } });
  }
}

async function candidateNames(root: string): Promise<string[]> {
  const origin = await tryGit(root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const current = await tryGit(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const names = [origin?.replace(/^origin\//, ''), 'main', 'master', current];
  return names.filter((name): name is string => name !== undefined && name !== '');
}
