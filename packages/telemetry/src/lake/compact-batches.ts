import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LakeBatch, Records, StoredSlice } from '@selfheal/contracts';
import { joinSlices } from '../aggregate/join-slices.ts';
import { sliceWidth } from '../aggregate/slices.ts';
import { storedSliceId } from '../intake/record-ids.ts';
import { joinBatchFiles } from './batch-file.ts';
import { batchPath } from './batch-path.ts';
import type { BatchChecks } from './checked-batches.ts';
import { type Duck, isFileGone } from './duckdb.ts';
import { joinSourceSpans } from './source-spans.ts';

export interface CompactionLimits {
  /** Only batches that ended, and were stored, longer ago than this. */
  olderThanMs: number;
  /** Batches that end within the same stretch of this length become one. */
  spanMs: number;
  /** A joined batch has about this many bytes at most. */
  maxBytes: number;
}

export interface Compaction {
  /** Batches that were joined, and how many they are now. */
  batches: number;
  into: number;
  /** Stored slices before and after. */
  slices: number;
  slicesInto: number;
}

interface CompactedLake {
  readonly dir: string;
  readonly records: Records;
  readonly now: () => number;
  readonly duck: Duck;
  readonly checks: BatchChecks;
}

/**
 * Joins small old batches, and their slices, into larger ones: a query opens a file and a sweep reads a record for each. The joined
 * file is written and fsynced first; then one transaction puts its catalogue row and slices in the place of the old ones; then the
 * old files go. So a crash anywhere leaves each event once, and at most files that no row names, which retention removes.
 */
export async function compactBatches(
  lake: CompactedLake,
  projectId: string,
  limits: CompactionLimits,
  options: { signal?: AbortSignal; onProgress?: (joined: number) => void } = {},
): Promise<Compaction> {
  const before = lake.now() - limits.olderThanMs;
  const ended = await lake.records.list('batch', { where: { projectId }, range: { field: 'to', to: before }, orderBy: { field: 'to' } });
  const old = ended.filter(({ createdAt }) => createdAt < before);
  const total: Compaction = { batches: 0, into: 0, slices: 0, slicesInto: 0 };
  for (const group of groupsOf(old, limits)) {
    options.signal?.throwIfAborted();
    const one = await joinBatches(lake, projectId, group, limits.spanMs);
    if (one === undefined) continue;
    total.batches += group.length;
    total.into += 1;
    total.slices += one.slices;
    total.slicesInto += one.slicesInto;
    options.onProgress?.(total.batches);
  }
  return total;
}

/** Batches to join, by the stretch in which they end. One that fills half a file is left alone: writing it again would gain little. */
function groupsOf(batches: readonly LakeBatch[], { spanMs, maxBytes }: CompactionLimits): LakeBatch[][] {
  const stretches = Map.groupBy(
    batches.filter(({ bytes }) => bytes < maxBytes / 2),
    ({ to }) => Math.floor(to / spanMs),
  );
  return [...stretches.values()].flatMap((stretch) => filled(stretch, maxBytes)).filter((group) => group.length > 1);
}

function filled(batches: readonly LakeBatch[], maxBytes: number): LakeBatch[][] {
  const groups: LakeBatch[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    if (bytes + batch.bytes > maxBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(batch);
    bytes += batch.bytes;
  }
  return groups;
}

/** Undefined where a file is damaged (it is set aside, and the rest is joined next time), or the catalogue moved on meanwhile. */
async function joinBatches(
  lake: CompactedLake,
  projectId: string,
  group: readonly LakeBatch[],
  spanMs: number,
): Promise<{ slices: number; slicesInto: number } | undefined> {
  const paths = await lake.checks.usable(group);
  if (paths.length < group.length) return undefined;
  const old = await slicesOfBatches(lake.records, group);
  const batch = await writeJoined(lake, projectId, group, paths).catch((error: unknown) => {
    // Another process joined the same batches first, and their files went while they were read.
    if (isFileGone(error)) return undefined;
    throw error;
  });
  if (batch === undefined) return undefined;
  const width = Math.min(sliceWidth(batch.to - batch.from), sliceWidth(spanMs));
  const slices = joinSlices(
    old.map(({ slice }) => slice),
    width,
  ).map((slice): StoredSlice => {
    const { release, bucketStart } = slice;
    return { id: storedSliceId(batch.id, slice), projectId, batchId: batch.id, release, bucketStart, slice };
  });
  // The file is then not removed: another process may just have committed it. Retention knows which files count.
  if (!(await replace(lake.records, group, old, batch, slices))) return undefined;
  for (const { file } of group) await rm(join(lake.dir, file), { force: true });
  return { slices: old.length, slicesInto: slices.length };
}

async function slicesOfBatches(records: Records, batches: readonly LakeBatch[]): Promise<StoredSlice[]> {
  const found: StoredSlice[] = [];
  for (const { id } of batches) found.push(...(await records.list('slice', { where: { batchId: id } })));
  return found;
}

async function writeJoined(
  lake: CompactedLake,
  projectId: string,
  group: readonly LakeBatch[],
  paths: readonly string[],
): Promise<LakeBatch> {
  const from = Math.min(...group.map((batch) => batch.from));
  const to = Math.max(...group.map((batch) => batch.to));
  const events = group.reduce((sum, batch) => sum + batch.events, 0);
  const hash = createHash('sha256')
    .update(['joined', ...group.map(({ id, sha256 }) => `${id} ${sha256}`).sort()].join('\n'))
    .digest('hex');
  const id = hash.slice(0, 24);
  const file = batchPath(projectId, id, from);
  const written = await joinBatchFiles(lake.duck, join(lake.dir, file), { paths, hash, events });
  // As old as its youngest part, so that joining does not put retention off.
  const createdAt = Math.max(...group.map((batch) => batch.createdAt));
  // Where one does not tell its sources, the joined one cannot.
  const told = group.every(({ sources }) => sources !== undefined);
  const sources = told ? { sources: joinSourceSpans(group.flatMap((batch) => batch.sources ?? [])) } : {};
  return { id, projectId, file, ...written, events, from, to, createdAt, ...sources };
}

/** False where a batch of the group is not in the catalogue any more as it was read. */
function replace(
  records: Records,
  group: readonly LakeBatch[],
  old: readonly StoredSlice[],
  batch: LakeBatch,
  slices: readonly StoredSlice[],
): Promise<boolean> {
  const range = { field: 'to' as const, from: Math.min(...group.map(({ to }) => to)), to: batch.to + 1 };
  return records.transaction(async (transaction) => {
    const now = await transaction.list('batch', { where: { projectId: batch.projectId }, range });
    const hashes = new Map(now.map(({ id, sha256 }) => [id, sha256]));
    if (group.some(({ id, sha256 }) => hashes.get(id) !== sha256)) return false;
    await transaction.remove(
      'batch',
      group.map(({ id }) => id),
    );
    await transaction.remove(
      'slice',
      old.map(({ id }) => id),
    );
    await transaction.put('batch', batch);
    await transaction.putAll('slice', slices);
    return true;
  });
}
