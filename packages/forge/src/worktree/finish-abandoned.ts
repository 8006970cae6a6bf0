import { lstat, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askGit, git } from '@selfheal/repository';
import { swapRef } from '../branch/swap-ref.ts';
import { branchHead, type Repository } from '../git/repository.ts';
import { type ChangedPath, changedPaths } from './changed-paths.ts';
import { listWorktrees, type Worktree } from './find-worktrees.ts';
import { abandonedIntent, type LockIntent, lockFile } from './index-lock.ts';
import { TreeUpdate } from './move-tree.ts';

/**
 * Completes what a process of ours that died left half done in the working trees, and returns these. Done before anything is read off a
 * branch: completing may take the branch back.
 */
export async function finishAbandoned(repository: Repository): Promise<Worktree[]> {
  const worktrees = await listWorktrees(repository);
  for (const worktree of worktrees) {
    const left = await abandonedIntent(worktree);
    if (left !== undefined) await finishMove(repository, worktree, left);
  }
  return worktrees;
}

/** A git command that the dead process had started may live on for a moment: it is let end before its traces are read. */
const SETTLE_MS = 1_000;
const ATTEMPTS = 4;

/**
 * The branch moves before the files do. So where it stands at `from`, nothing was done; else the files are brought to `to`. Where a user
 * changed one of them since, the branch goes back and the files stay: the merge is then made anew, or waits for them.
 */
export async function finishMove(repository: Repository, worktree: Worktree, left: LockIntent): Promise<void> {
  await delay(SETTLE_MS);
  if ((await branchHead(repository, left.branch)) !== left.from && !(await bringFiles(repository, worktree, left)))
    await goBack(repository, left);
  await rm(lockFile(worktree), { force: true });
}

/** False where files of the user stand against it, however often it is tried. */
async function bringFiles(repository: Repository, worktree: Worktree, left: LockIntent): Promise<boolean> {
  const target = await git(repository.root, ['rev-parse', `${left.to}^{tree}`]);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await delay(SETTLE_MS / ATTEMPTS);
    await using update = await TreeUpdate.prepare(worktree, left);
    if ((await update.indexTree()) === target) return true;
    await removeHalfWritten(repository, worktree, left);
    if ((await update.writeFiles()) !== undefined) continue;
    await update.publish();
    return true;
  }
  return false;
}

async function goBack(repository: Repository, left: LockIntent): Promise<void> {
  if ((await branchHead(repository, left.branch)) === left.to)
    await swapRef(repository, {
      branch: left.branch,
      from: left.to,
      to: left.from,
      why: 'selfheal: files changed while a merge was interrupted',
    });
}

/** Removes the files that the dead process had written, whole or in part, so that git writes them again. All of it is in git. */
async function removeHalfWritten(repository: Repository, worktree: Worktree, left: LockIntent): Promise<void> {
  for (const change of await changedPaths(repository, left.from, left.to)) {
    const file = join(worktree.path, change.path);
    const bytes = await bytesOf(file);
    if (bytes === undefined) continue;
    const before = await committedBytes(worktree, left.from, change, change.oldMode);
    if (before?.equals(bytes) && change.oldMode === change.newMode) continue;
    const after = await committedBytes(worktree, left.to, change, change.newMode);
    if (after?.subarray(0, bytes.length).equals(bytes)) await rm(file);
  }
}

async function bytesOf(file: string): Promise<Buffer | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink()) return Buffer.from(await readlink(file));
  return found?.isFile() ? readFile(file) : undefined;
}

/** The content as git would write it here, with its line-end conversion and filters. */
async function committedBytes(worktree: Worktree, commit: string, { path }: ChangedPath, mode: string): Promise<Buffer | undefined> {
  if (!mode.startsWith('1') || mode === '160000') return undefined;
  const how = mode === '120000' ? ['blob'] : ['--filters'];
  const { exitCode, stdout } = await askGit(worktree.path, ['cat-file', ...how, `${commit}:${path}`]);
  return exitCode === 0 ? stdout : undefined;
}
