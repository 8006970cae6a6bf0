import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LakeBatch, Records } from '@selfheal/contracts';
import { projectFolder } from './batch-path.ts';

/** A file without a catalogue row may belong to a batch that is just being committed; after a day it belongs to nobody. */
const ORPHAN_AGE_MS = 24 * 3600 * 1000;

export interface RetentionLimits {
  maxAgeMs: number;
  maxBytes: number;
}

/**
 * Removes the batches that ended longer ago than `maxAgeMs`, then the oldest until `maxBytes` hold. Catalogue rows go first, in
 * one transaction: a crash after it leaves files that no row names, and the next call removes these.
 */
export async function retainBatches(
  lake: { dir: string; records: Records; now: () => number },
  projectId: string,
  limits: RetentionLimits,
): Promise<{ batches: number; bytes: number }> {
  const removed = await lake.records.transaction(async (records) => {
    const batches = await records.list('batch', { where: { projectId }, orderBy: { field: 'to', direction: 'desc' } });
    const beyond = beyondLimits(batches, limits, lake.now());
    await records.remove(
      'batch',
      beyond.map((batch) => batch.id),
    );
    return beyond;
  });
  for (const batch of removed) await rm(join(lake.dir, batch.file), { force: true });
  const orphanBytes = await removeOrphans(lake, projectId, limits.maxAgeMs);
  return { batches: removed.length, bytes: removed.reduce((sum, batch) => sum + batch.bytes, orphanBytes) };
}

/** Of batches, newest first: those too old, and those after which the newer ones fill the space. */
function beyondLimits(newestFirst: readonly LakeBatch[], limits: RetentionLimits, now: number): LakeBatch[] {
  let bytes = 0;
  return newestFirst.filter((batch) => {
    if (now - batch.to > limits.maxAgeMs) return true;
    bytes += batch.bytes;
    return bytes > limits.maxBytes;
  });
}

/** Removes files that no catalogue row names, and days that are empty. Damaged files stay as long as telemetry does. */
async function removeOrphans(
  lake: { dir: string; records: Records; now: () => number },
  projectId: string,
  maxAgeMs: number,
): Promise<number> {
  const project = projectFolder(projectId);
  const days = await namesIn(join(lake.dir, project));
  const files: string[] = [];
  for (const day of days) for (const name of await namesIn(join(lake.dir, project, day))) files.push(`${project}/${day}/${name}`);
  // Read after the folders: a file committed in between is in the catalogue.
  const named = new Set((await lake.records.list('batch', { where: { projectId } })).map((batch) => batch.file));
  let bytes = 0;
  for (const file of files.filter((each) => !named.has(each))) {
    const path = join(lake.dir, file);
    const found = await stat(path).catch(() => undefined);
    const keepMs = file.endsWith('.corrupt') ? Math.max(maxAgeMs, ORPHAN_AGE_MS) : ORPHAN_AGE_MS;
    if (found === undefined || lake.now() - found.mtimeMs <= keepMs) continue;
    await rm(path, { force: true });
    bytes += found.size;
  }
  for (const day of days) await removeIfEmpty(join(lake.dir, project, day));
  return bytes;
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'ENOENT', 'ENOTDIR', 'EEXIST')) throw error;
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
