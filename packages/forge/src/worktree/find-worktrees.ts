import { access, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { git, tryGit } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';

/** A working tree of the repository: the main one or a linked one. */
export interface Worktree {
  /** Absolute path of its top folder. */
  readonly path: string;
  /** Its own part of the git folder: HEAD, index, state of a running operation. */
  readonly gitDir: string;
  /** Absent where HEAD is detached. */
  readonly branch: string | undefined;
}

/** The working trees whose folders exist. */
export async function listWorktrees(repository: Repository): Promise<Worktree[]> {
  const listed = await git(repository.root, ['worktree', 'list', '--porcelain', '-z']);
  const found: Worktree[] = [];
  for (const record of listed.split('\0\0')) {
    const lines = record.split('\0');
    const path = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
    if (path === undefined || lines.includes('bare')) continue;
    const gitDir = await tryGit(path, ['rev-parse', '--absolute-git-dir']).catch(() => undefined);
    if (gitDir === undefined) continue;
    const branch = lines.find((line) => line.startsWith('branch refs/heads/'))?.slice('branch refs/heads/'.length);
    found.push({ path: await realpath(path), gitDir: resolve(path, gitDir), branch });
  }
  return found;
}

const OPERATIONS = {
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
} as const;

/** The git operation that a person left half done in the working tree. */
export async function runningOperation(worktree: Worktree): Promise<string | undefined> {
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const present = await access(join(worktree.gitDir, name)).then(
      () => true,
      () => false,
    );
    if (present) return operation;
  }
  return undefined;
}

/** The branch that an unfinished rebase of the working tree will move at its end. */
export async function rebasedBranch(worktree: Worktree): Promise<string | undefined> {
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const name = await readFile(join(worktree.gitDir, folder, 'head-name'), 'utf8').catch(() => undefined);
    if (name !== undefined) return name.trim().replace(/^refs\/heads\//, '');
  }
  return undefined;
}
