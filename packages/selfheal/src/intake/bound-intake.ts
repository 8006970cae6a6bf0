import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Records } from '@selfheal/contracts';
import { savedOffsetOf } from '@selfheal/telemetry';
import { intakePath, startIntakeAnew, withIntakeLock } from './intake.ts';

interface Intake {
  readonly dataDir: string;
  readonly projectId: string;
  readonly projectRoot: string;
  readonly records: Records;
}

/**
 * Bounds the file of events that a host handed over: beyond `maxBytes` it is set aside as `host.ndjson.1`, which readers follow, and a
 * new one takes its place; the one aside goes once all of it is in the lake. What is not yet there stays, however large it grows.
 * Saved offsets stay too: by them a late retry sees that its lines are stored. Returns the bytes freed.
 */
export async function boundIntake(intake: Intake, maxBytes: number): Promise<number> {
  const path = intakePath(intake.dataDir);
  if (!existsSync(path)) return 0;
  return withIntakeLock(intake.dataDir, async () => {
    const aside = `${path}.1`;
    const live = await seen(intake, path);
    if (live === undefined) return 0;
    let freed = await removeIfStored(intake, aside, live.inode);
    if (live.size <= maxBytes || live.offset === undefined) return freed;
    const before = await seen(intake, aside);
    // Of a kill between the two names of one file the second is left; it says no more than the first.
    if (before !== undefined && before.inode !== live.inode) return freed;
    await startIntakeAnew(path, aside);
    freed += await removeIfStored(intake, aside, undefined);
    return freed;
  });
}

async function removeIfStored(intake: Intake, aside: string, liveInode: number | undefined): Promise<number> {
  const file = await seen(intake, aside);
  if (file === undefined || file.inode === liveInode || file.offset === undefined || file.offset < file.size) return 0;
  await rm(aside);
  return file.size;
}

function seen({ records, projectId, projectRoot }: Intake, path: string) {
  return savedOffsetOf(records, { projectId, projectRoot, path });
}
