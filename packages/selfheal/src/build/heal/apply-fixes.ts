import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildFix } from '@selfheal/build';
import { isSelfhealError } from '@selfheal/contracts';
import { applyEdits, tryGit } from '@selfheal/repository';

/**
 * Writes offered changes into a workspace, in order. One that touches a file with edits that are not committed, or that git does not hold, is
 * left alone, and so is one that no longer fits. Gives all with their states; tells what was left and why.
 */
export async function applyFixes(
  root: string,
  fixes: readonly BuildFix[],
  onNotice: (line: string) => void,
  wanted: (fix: BuildFix) => boolean = () => true,
): Promise<readonly BuildFix[]> {
  const ours = new Set<string>();
  const after: BuildFix[] = [];
  for (const fix of fixes) {
    const why =
      fix.state !== 'offered' ? 'it is not on offer' : wanted(fix) ? await applyOne(root, fix, ours) : 'a model made it: look at it first';
    if (why !== undefined && fix.state === 'offered') onNotice(`${fix.task}: change ${fix.number} is not applied: ${why}`);
    after.push(why === undefined ? { ...fix, state: 'applied' } : fix);
  }
  return after;
}

/** Why a change was not written; undefined where it was. Files in `ours` hold nothing but what was written before it. */
async function applyOne(root: string, { edits }: BuildFix, ours: Set<string>): Promise<string | undefined> {
  for (const file of new Set(edits.map((edit) => edit.file))) {
    if (!ours.has(file) && !(await isCommitted(root, file))) return `${file} has edits that are not committed`;
  }
  try {
    const changed = await applyEdits(edits, (file) => readFile(join(root, file)).catch(() => undefined));
    for (const [file, bytes] of changed) {
      await writeFile(join(root, file), bytes);
      ours.add(file);
    }
    return undefined;
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    return error.message;
  }
}

async function isCommitted(root: string, file: string): Promise<boolean> {
  if ((await tryGit(root, ['ls-files', '--error-unmatch', '--', file])) === undefined) return false;
  return (await tryGit(root, ['status', '--porcelain', '--untracked-files=all', '--', file])) === '';
}
