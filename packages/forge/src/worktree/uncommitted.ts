import { isAbsolute, relative } from 'node:path';
import { git } from '@selfheal/repository';
import type { Worktree } from './find-worktrees.ts';

export interface Uncommitted {
  /** Tracked files that differ from HEAD, in the index or on disk. */
  readonly tracked: string[];
  /** Untracked ones that are not ignored; a folder of such files is named once, with `/` at its end. */
  readonly untracked: string[];
}

/** What a working tree holds beside HEAD, without what lies in `except` (our own state). Paths from its top. */
export async function uncommittedFiles(worktree: Worktree, except: string): Promise<Uncommitted> {
  const listed = await git(worktree.path, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=normal', '--ignored=no']);
  const own = relative(worktree.path, except);
  const isOwn = (path: string) => own !== '' && !own.startsWith('..') && !isAbsolute(own) && (path === own || path.startsWith(`${own}/`));
  const tracked: string[] = [];
  const untracked: string[] = [];
  for (const record of listed.split('\0').filter((line) => line.length > 3)) {
    const path = record.slice(3);
    if (!isOwn(path)) (record.startsWith('??') ? untracked : tracked).push(path);
  }
  return { tracked, untracked };
}
