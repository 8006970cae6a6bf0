import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Records } from '@selfheal/contracts';
import { saveKeys } from './delivery-keys.ts';
import { shownPath } from './discover.ts';
import type { IntakeFolder } from './intake-folder.ts';
import { asideName, segmentNames } from './segment-name.ts';

export interface IntakeOwner {
  readonly records: Records;
  readonly projectId: string;
  readonly projectRoot: string;
}

/**
 * Makes all that stands in a segment by now durable: a writer that was killed may have left lines that were never synced, and what is
 * read must not vanish with the power. Waits for a write under way, so that what that takes back is gone.
 */
export async function settleSegment(intake: IntakeFolder, path: string): Promise<void> {
  await intake.lock(async () => {
    await intake.disk.syncFile(path);
    await intake.disk.syncFolder(intake.path);
  });
}

/** Settles all segments of a folder. */
export async function settleSegments(intake: IntakeFolder): Promise<void> {
  for (const name of await segmentNames(intake.path)) await settleSegment(intake, join(intake.path, name));
}

/**
 * Removes the segments of which every line is in the lake; their keys are kept, so that a late second delivery is still known. A
 * segment with a damaged line is set aside as `.corrupt`. Returns the bytes freed, and those that wait to be read.
 */
export async function dropStored(intake: IntakeFolder, owner: IntakeOwner): Promise<{ freed: number; waiting: number }> {
  const names = await segmentNames(intake.path);
  const result = { freed: 0, waiting: 0 };
  if (names.length === 0) return result;
  const { projectId } = owner;
  const offsets = new Map((await owner.records.list('sourceOffset', { where: { projectId } })).map((saved) => [saved.path, saved.offset]));
  const damaged = new Set((await owner.records.list('quarantined', { where: { projectId } })).map(({ rejected }) => rejected.path));
  for (const name of names) {
    const path = join(intake.path, name);
    const shown = shownPath(owner.projectRoot, path);
    const offset = offsets.get(shown) ?? 0;
    const waiting = await unreadBytes(path, offset);
    result.waiting += waiting ?? 0;
    if (waiting === 0) result.freed += await intake.lock(() => drop(intake, name, { offset, damaged: damaged.has(shown) }));
  }
  return result;
}

/** Under the lock nobody writes: what is unread by now is unread for good. */
async function drop(intake: IntakeFolder, name: string, known: { offset: number; damaged: boolean }): Promise<number> {
  const path = join(intake.path, name);
  if ((await unreadBytes(path, known.offset)) !== 0) return 0;
  const { size } = await stat(path);
  await saveKeys(intake, name);
  if (known.damaged) await intake.disk.rename(path, join(intake.path, asideName(name)));
  else await intake.disk.remove(path);
  return size;
}

/** Bytes behind the offset, none where no whole line is among them: half a line of a writer that died counts for nothing. Undefined where there is no file. */
async function unreadBytes(path: string, offset: number): Promise<number | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const block = Buffer.alloc(65_536);
    for (let at = offset; at < size; ) {
      const { bytesRead } = await file.read(block, 0, block.length, at);
      if (bytesRead === 0) return 0;
      if (block.subarray(0, bytesRead).includes(10)) return size - offset;
      at += bytesRead;
    }
    return 0;
  } finally {
    await file.close();
  }
}
