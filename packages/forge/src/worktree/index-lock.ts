import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SelfhealError } from '@selfheal/contracts';
import { z } from 'zod';
import type { Worktree } from './find-worktrees.ts';

/**
 * Git's own lock of the index (`index.lock`), held while a branch and its working tree move together, so that no git command of the user
 * sees half of it. Git looks only at whether the file exists; ours says in it what is being done, so that a run that died is completed.
 */
const intent = z.object({
  selfheal: z.literal('index-lock'),
  pid: z.int(),
  /** When the process started (epoch ms, `performance.timeOrigin`): tells a reused pid from the holder. */
  processStart: z.number(),
  takenAt: z.number(),
  branch: z.string(),
  from: z.string(),
  to: z.string(),
});
export type LockIntent = z.infer<typeof intent>;

/** How long git commands of others may keep the index before we give up: they last milliseconds. Our own moves are waited for. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;
/** A move lasts seconds; a lock of ours this old belongs to a process that is gone, whatever its pid says. */
const OLDEST_MS = 10 * 60_000;

/** Takes the lock, waiting for a short while. `onAbandoned` finishes what a dead process of ours left. Fails with GIT_FAILED. */
export async function takeIndexLock(
  worktree: Worktree,
  move: Pick<LockIntent, 'branch' | 'from' | 'to'>,
  onAbandoned: (left: LockIntent) => Promise<void>,
): Promise<() => Promise<void>> {
  const file = lockFile(worktree);
  let deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    if (await create(worktree, move)) return () => rm(file, { force: true });
    const holder = await readIntent(worktree);
    if (holder !== undefined && isHeld(holder)) deadline = Date.now() + PATIENCE_MS;
    else if (holder !== undefined) await onAbandoned(holder);
    if (Date.now() > deadline) throw heldTooLong(file);
    await delay(POLL_MS);
  }
}

/** What a process of ours was doing when it died, if one did; its lock is still there. */
export async function abandonedIntent(worktree: Worktree): Promise<LockIntent | undefined> {
  const left = await readIntent(worktree);
  return left !== undefined && !isHeld(left) ? left : undefined;
}

/** Undefined where there is no lock, or one of another program: git's own is empty or an index. */
async function readIntent(worktree: Worktree): Promise<LockIntent | undefined> {
  const text = await readFile(lockFile(worktree), 'utf8').catch(() => '');
  return text.startsWith('{') ? intent.safeParse(JSON.parse(text)).data : undefined;
}

export function lockFile(worktree: Worktree): string {
  return join(worktree.gitDir, 'index.lock');
}

/** Creates the file with its content in one step; false where it exists. */
async function create(worktree: Worktree, move: Pick<LockIntent, 'branch' | 'from' | 'to'>): Promise<boolean> {
  const content: LockIntent = {
    selfheal: 'index-lock',
    pid: process.pid,
    processStart: performance.timeOrigin,
    takenAt: Date.now(),
    ...move,
  };
  const prepared = join(worktree.gitDir, `selfheal-lock-${randomUUID()}`);
  const handle = await open(prepared, 'wx');
  try {
    await handle.writeFile(JSON.stringify(content));
    await handle.sync();
    await link(prepared, lockFile(worktree));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await handle.close();
    await rm(prepared, { force: true });
  }
}

function isHeld(holder: LockIntent): boolean {
  if (Date.now() - holder.takenAt > OLDEST_MS) return false;
  if (holder.pid === process.pid) return holder.processStart === performance.timeOrigin;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function heldTooLong(file: string): SelfhealError {
  return new SelfhealError('GIT_FAILED', `another git command holds the index; if none runs, remove ${file}`, { where: { file } });
}
