import { SelfhealError } from '@selfheal/contracts';
import type { Repository } from '../git/repository.ts';
import { askGit, git, gitFailed, tryGit } from '../git/run-git.ts';
import { writeCommit } from '../git/write-commit.ts';

/** The tree of a three-way merge, made in the object store alone. Fails with PATCH_CONFLICT, which names the files. */
export async function mergeTrees(repository: Repository, ours: string, theirs: string): Promise<string> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
  const { exitCode, stdout, stderr } = await askGit(repository.root, args);
  const [tree = '', ...conflicts] = stdout
    .toString('utf8')
    .split('\0')
    .filter((field) => field !== '');
  if (exitCode === 0) return tree;
  if (exitCode !== 1) throw gitFailed(repository.root, args, stderr);
  throw new SelfhealError('PATCH_CONFLICT', `both sides changed ${[...new Set(conflicts)].join(', ')}`, {
    where: { repository: repository.root },
  });
}

/**
 * The tree of `head` without what `undone` brought: a merge with `undone` as base and its first parent as the other side, as `git revert
 * -m 1` does it. The base is given by a commit made for that; git 2.39 cannot be told one. Fails with PATCH_CONFLICT.
 */
export async function treeWithout(repository: Repository, head: string, undone: string): Promise<string> {
  const before = await git(repository.root, ['rev-parse', `${undone}^1^{tree}`]);
  const inverse = await writeCommit(repository, { tree: before, parents: [undone], message: `The state before ${undone}\n` });
  return mergeTrees(repository, head, inverse);
}

export async function contains(repository: Repository, branchOrCommit: string, commit: string): Promise<boolean> {
  return (await tryGit(repository.root, ['merge-base', '--is-ancestor', commit, branchOrCommit])) !== undefined;
}
