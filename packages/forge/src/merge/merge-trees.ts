import { SelfhealError } from '@selfheal/contracts';
import { askGit, gitFailed, tryGit } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';

export interface MergedTree {
  /** Holds conflict markers in the files that conflict. */
  readonly tree: string;
  /** Paths from git's top level; empty where the merge is clean. */
  readonly conflicts: readonly string[];
}

/** The tree of a three-way merge, made in the object store alone. Fails with PATCH_CONFLICT, which names the files. */
export async function mergeTrees(repository: Repository, ours: string, theirs: string): Promise<string> {
  const { tree, conflicts } = await tryMergeTrees(repository, ours, theirs);
  if (conflicts.length > 0) throw conflictIn(repository, conflicts);
  return tree;
}

/** As `mergeTrees`, with the conflicts as a result. */
export async function tryMergeTrees(repository: Repository, ours: string, theirs: string): Promise<MergedTree> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
  const { exitCode, stdout, stderr } = await askGit(repository.root, args);
  if (exitCode !== 0 && exitCode !== 1) throw gitFailed(repository.root, args, stderr);
  const [tree = '', ...conflicts] = stdout
    .toString('utf8')
    .split('\0')
    .filter((field) => field !== '');
  return { tree, conflicts: [...new Set(conflicts)] };
}

export function conflictIn(repository: Repository, paths: readonly string[]): SelfhealError {
  return new SelfhealError('PATCH_CONFLICT', `both sides changed ${paths.join(', ')}`, { where: { repository: repository.root } });
}

export async function contains(repository: Repository, branchOrCommit: string, commit: string): Promise<boolean> {
  return (await tryGit(repository.root, ['merge-base', '--is-ancestor', commit, branchOrCommit])) !== undefined;
}
