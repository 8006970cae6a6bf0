import { SelfhealError } from '@selfheal/contracts';
import { type RefSwap, swapRef } from '../branch/swap-ref.ts';
import { branchHead, type Repository } from '../git/repository.ts';
import { changedPaths, pathsInTheWay } from './changed-paths.ts';
import { rebasedBranch, runningOperation, type Worktree } from './find-worktrees.ts';
import { finishAbandoned, finishMove } from './finish-abandoned.ts';
import { takeIndexLock } from './index-lock.ts';
import { TreeUpdate } from './move-tree.ts';
import { uncommittedFiles } from './uncommitted.ts';

export interface BranchMove extends RefSwap {
  /** Our own state: not counted as the user's work. */
  readonly dataDir: string;
  /** Never write to a working tree of the user. */
  readonly noCheckout: boolean;
}

/**
 * Moves a branch by compare-and-swap, and with it the working tree where it is checked out: both or none, also over a crash.
 * Fails with REPO_DIRTY where that tree holds work of the user, GIT_HEAD_MOVED where the branch moved, GIT_FAILED where the index stays
 * locked.
 */
export async function moveBranch(repository: Repository, move: BranchMove): Promise<{ treeUpdated: boolean }> {
  const worktrees = await finishAbandoned(repository);
  const worktree = worktrees.find(({ branch }) => branch === move.branch);
  await refuseRebase(worktrees, move.branch);
  if (worktree === undefined) {
    await swapRef(repository, move);
    return { treeUpdated: false };
  }
  if (move.noCheckout) throw dirty(worktree, `policy.noCheckout forbids to update the working tree in which ${move.branch} is checked out`);
  const release = await takeIndexLock(worktree, move, (left) => finishMove(repository, worktree, left));
  try {
    await requireHead(repository, move);
    await refuseDirty(repository, worktree, move);
    await moveTogether(repository, worktree, move);
    return { treeUpdated: true };
  } finally {
    await release();
  }
}

/** Under the index lock. The branch moves first: a crash after it is completed by `finishMove`. */
async function moveTogether(repository: Repository, worktree: Worktree, move: BranchMove): Promise<void> {
  await using update = await TreeUpdate.prepare(worktree, move);
  const objection = await update.objection();
  if (objection !== undefined) throw dirty(worktree, objection);
  await swapRef(repository, move);
  const refused = await update.writeFiles();
  if (refused === undefined) return update.publish();
  await swapRef(repository, { ...move, from: move.to, to: move.from, why: 'selfheal: the working tree changed meanwhile' });
  throw dirty(worktree, refused);
}

/** Found before files are looked at: after a wait for the lock, another has often landed. */
async function requireHead(repository: Repository, { branch, from }: BranchMove): Promise<void> {
  const head = await branchHead(repository, branch);
  if (head !== from)
    throw new SelfhealError('GIT_HEAD_MOVED', `${branch} is at ${head ?? 'nothing'}, expected ${from}`, { where: { branch } });
}

async function refuseDirty(repository: Repository, worktree: Worktree, move: BranchMove): Promise<void> {
  const operation = await runningOperation(worktree);
  if (operation !== undefined) throw dirty(worktree, `a ${operation} is under way`);
  const { tracked } = await uncommittedFiles(worktree, move.dataDir);
  if (tracked.length > 0) throw dirty(worktree, `changed files: ${listed(tracked)}`);
  const inTheWay = await pathsInTheWay(worktree.path, await changedPaths(repository, move.from, move.to));
  if (inTheWay.length > 0) throw dirty(worktree, `files that git does not track stand in the way: ${listed(inTheWay)}`);
}

/** A rebase ends by moving its branch, and fails where that moved meanwhile. */
async function refuseRebase(worktrees: readonly Worktree[], branch: string): Promise<void> {
  for (const worktree of worktrees) {
    if ((await rebasedBranch(worktree)) === branch) throw dirty(worktree, `a rebase of ${branch} is under way`);
  }
}

function dirty(worktree: Worktree, detail: string): SelfhealError {
  return new SelfhealError('REPO_DIRTY', detail, { where: { worktree: worktree.path } });
}

function listed(paths: readonly string[]): string {
  return `${paths.slice(0, 10).join(', ')}${paths.length > 10 ? ` and ${paths.length - 10} more` : ''}`;
}
