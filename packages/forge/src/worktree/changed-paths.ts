import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';

export interface ChangedPath {
  readonly path: string;
  /** Git's modes; `000000` where the side has no such file. */
  readonly oldMode: string;
  readonly newMode: string;
}

const NONE = '000000';

/** The files in which two commits differ. Paths from git's top level. */
export async function changedPaths(repository: Repository, from: string, to: string): Promise<ChangedPath[]> {
  const listed = await git(repository.root, ['diff-tree', '-r', '-z', '--no-renames', '--raw', from, to]);
  const fields = listed.split('\0');
  const changed: ChangedPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = NONE, newMode = NONE] = (fields[at] ?? '').replace(/^:/, '').split(' ');
    changed.push({ path: fields[at + 1] ?? '', oldMode, newMode });
  }
  return changed;
}

/**
 * Files of the user that stand where the change would put a new one: git alone spares untracked files, but not ignored ones, and
 * removes a symbolic link that stands in for a folder.
 */
export async function pathsInTheWay(worktree: string, changed: readonly ChangedPath[]): Promise<string[]> {
  const blocked: string[] = [];
  for (const { path, oldMode } of changed) {
    if (oldMode === NONE && (await isTaken(worktree, path))) blocked.push(path);
  }
  return blocked;
}

async function isTaken(worktree: string, path: string): Promise<boolean> {
  if ((await kindOf(join(worktree, path))) !== 'nothing') return true;
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    if ((await kindOf(join(worktree, folder))) === 'other') return true;
  }
  return false;
}

async function kindOf(path: string): Promise<'folder' | 'other' | 'nothing'> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'other';
}
