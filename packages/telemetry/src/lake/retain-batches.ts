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

/** Slices of so many batches are looked up before one transaction removes both: other writers wait for that only briefly. */
const BATCHES_AT_ONCE = 200;
const SLICE_PAGE = 500;

/**
 * Removes the batches that ended, and were stored, longer ago than `maxAgeMs` (an old log that was just read is not old), then the oldest until `maxBytes` hold, each with its slices. Catalogue
 * rows go first: a crash after that leaves files that no row names, and the next call removes these.
 */
export async function retainBatches(
  lake: { dir: string; records: Records; now: () => number },
  projectId: string,
  limits: RetentionLimits,
): Promise<{ batches: number; bytes: number }> {
  const batches = await lake.records.list('batch', { where: { projectId }, orderBy: { field: 'to', direction: 'desc' } });
  const beyond = beyondLimits(batches, limits, lake.now());
  const removed: LakeBatch[] = [];
  for (let at = 0; at < beyond.length; at += BATCHES_AT_ONCE)
    removed.push(...(await takeFromCatalogue(lake.records, beyond.slice(at, at + BATCHES_AT_ONCE))));
  for (const batch of removed) await rm(join(lake.dir, batch.file), { force: true });
  const kept = new Set(batches.map(({ id }) => id));
  for (const { id } of removed) kept.delete(id);
  await removeOldSlices(lake.records, projectId, { before: lake.now() - limits.maxAgeMs, kept });
  const orphanBytes = await removeOrphans(lake, projectId, limits.maxAgeMs);
  return { batches: removed.length, bytes: removed.reduce((sum, batch) => sum + batch.bytes, orphanBytes) };
}

/** Returns those that were still there as they had been read. */
async function takeFromCatalogue(records: Records, batches: readonly LakeBatch[]): Promise<LakeBatch[]> {
  const slices = new Map<string, string[]>();
  for (const { id } of batches) {
    const found = await records.list('slice', { where: { batchId: id } });
    slices.set(
      id,
      found.map((slice) => slice.id),
    );
  }
  return records.transaction(async (transaction) => {
    const taken: LakeBatch[] = [];
    for (const batch of batches) if ((await transaction.get('batch', batch.id))?.sha256 === batch.sha256) taken.push(batch);
    await transaction.remove(
      'batch',
      taken.map(({ id }) => id),
    );
    await transaction.remove(
      'slice',
      taken.flatMap(({ id }) => slices.get(id) ?? []),
    );
    return taken;
  });
}

/** Slices outlive a batch whose file was damaged, but not their own age. */
async function removeOldSlices(
  records: Records,
  projectId: string,
  { before, kept }: { before: number; kept: ReadonlySet<string> },
): Promise<void> {
  for (let offset = 0; ; ) {
    const range = { field: 'bucketStart' as const, to: before };
    const page = await records.list('slice', {
      where: { projectId },
      range,
      orderBy: { field: 'bucketStart' },
      limit: SLICE_PAGE,
      offset,
    });
    const old = page.filter(({ slice, batchId }) => slice.to < before && !kept.has(batchId));
    await records.remove(
      'slice',
      old.map(({ id }) => id),
    );
    offset += page.length - old.length;
    if (page.length < SLICE_PAGE) return;
  }
}

/** Of batches, newest first: those too old, and those after which the newer ones fill the space. */
function beyondLimits(newestFirst: readonly LakeBatch[], limits: RetentionLimits, now: number): LakeBatch[] {
  let bytes = 0;
  return newestFirst.filter((batch) => {
    if (now - Math.max(batch.to, batch.createdAt) > limits.maxAgeMs) return true;
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
