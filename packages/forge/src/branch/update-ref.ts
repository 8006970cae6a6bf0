import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { askGit, type GitAnswer } from '@selfheal/repository';

/** Git holds the lock of a ref for milliseconds; one so old belongs to a git that was killed. Well over the 5 s for which ours waits. */
const ABANDONED_MS = 10_000;

/**
 * Runs `git update-ref`. A lock file that a killed git left on the ref (`refs/heads/x.lock`) would stop every later move of that branch
 * for good: one that is old enough is put away, and the move is tried once more.
 */
export async function updateRef(root: string, args: readonly string[]): Promise<GitAnswer> {
  const answer = await askGit(root, ['update-ref', ...args]);
  const [, lock] = /Unable to create '(.+\.lock)': File exists/.exec(answer.stderr) ?? [];
  if (answer.exitCode === 0 || lock === undefined) return answer;
  const path = resolve(root, lock);
  const held = await stat(path).catch(() => undefined);
  if (held !== undefined && Date.now() - held.mtimeMs < ABANDONED_MS) return answer;
  await rm(path, { force: true });
  return askGit(root, ['update-ref', ...args]);
}
