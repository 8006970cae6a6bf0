import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isSelfhealError, type TelemetryEvent } from '@selfheal/contracts';
import { type Duck, literal } from './duckdb.ts';
import { appendEvent, EVENT_TABLE } from './event-columns.ts';

export interface BatchFile {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes events, sorted by time, as one Parquet file that is whole or absent: written under another name, fsynced, linked to its
 * name, folder fsynced. Where a whole file of the same events has the name already (a crash came before the catalogue row, or
 * another attempt was quicker), that file stays and is described; a damaged one is replaced.
 */
export async function writeBatchFile(duck: Duck, path: string, events: readonly TelemetryEvent[]): Promise<BatchFile> {
  const content = contentHash(events);
  if (await holds(duck, path, content, events.length)) return describeFile(path);
  const folder = dirname(path);
  const created = await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeParquet(duck, temporary, events, content);
    await syncPath(temporary);
    if (!(await linked(temporary, path)) && !(await holds(duck, path, content, events.length))) await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncPath(folder);
  if (created !== undefined) await syncFolders(folder, dirname(created));
  return describeFile(path);
}

/** Size and SHA-256 of a file; of one and the same, also where its name is being removed or replaced. */
export async function describeFile(path: string): Promise<BatchFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    await pipeline(file.createReadStream({ autoClose: false }), hash);
    return { sha256: hash.digest('hex'), bytes: size };
  } finally {
    await file.close();
  }
}

/** Makes a file, or the names in a folder, outlive a power loss. */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** New folders are names in their parents: synced up to the parent that was there before. */
async function syncFolders(folder: string, last: string): Promise<void> {
  for (let current = dirname(folder); current.length >= last.length; current = dirname(current)) {
    await syncPath(current);
    if (current === dirname(current)) return;
  }
}

function writeParquet(duck: Duck, path: string, events: readonly TelemetryEvent[], content: string): Promise<void> {
  return duck.with(async (connection) => {
    await connection.run(`create temp table batch (${EVENT_TABLE})`);
    const appender = await connection.createAppender('batch');
    for (const event of events) appendEvent(appender, event);
    appender.closeSync();
    await connection.run(
      `copy batch to ${literal(path)} (format parquet, compression zstd, kv_metadata { selfheal_content: ${literal(content)} })`,
    );
    await connection.run('drop table batch');
  });
}

function contentHash(events: readonly TelemetryEvent[]): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(JSON.stringify(event)).update('\n');
  return hash.digest('hex');
}

/** Whether a whole, readable file of these events has the name: its footer tells its content, and every value can be decoded. */
async function holds(duck: Duck, path: string, content: string, events: number): Promise<boolean> {
  if ((await stat(path).catch(() => undefined)) === undefined) return false;
  try {
    return await duck.with(async (connection) => {
      const named = await connection.runAndReadAll(
        `select decode(value) from parquet_kv_metadata(${literal(path)}) where decode(key) = 'selfheal_content'`,
      );
      if (named.getRows()[0]?.[0] !== content) return false;
      const decoded = await connection.runAndReadAll(
        `select count(*)::double, bit_xor(hash(columns(*))) from read_parquet([${literal(path)}])`,
      );
      return decoded.getRows()[0]?.[0] === events;
    });
  } catch (error) {
    // What DuckDB cannot read is damaged; that there was no memory or no space says nothing about the file.
    if (isSelfhealError(error)) throw error;
    return false;
  }
}

/** True where the name was free and is now the file's; unlike rename, link never replaces. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
