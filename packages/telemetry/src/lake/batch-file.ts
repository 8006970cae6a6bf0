import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isSelfhealError, type TelemetryEvent } from '@selfheal/contracts';
import { diskError } from '../intake/disk.ts';
import { type Duck, literal } from './duckdb.ts';
import { columnsOf, EVENT_ORDER } from './event-columns.ts';
import { type EncodedTable, encodeTable, parquetFile } from './parquet/parquet-file.ts';

/** Stands in a file's footer: the hash of its content. */
const CONTENT_KEY = 'selfheal_content';

export interface BatchFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** What a batch file is to hold. */
interface BatchContent {
  /** Names the content: two files of one hash hold the same events. */
  readonly hash: string;
  readonly events: number;
  /** Writes the Parquet file, with the hash among its metadata. */
  write(path: string): Promise<void>;
}

/** Writes events, sorted by time, as one Parquet file; see writeWhole. */
export function writeBatchFile(duck: Duck, path: string, events: readonly TelemetryEvent[]): Promise<BatchFile> {
  const table = encodeTable(events.length, columnsOf(events));
  return writeWhole(duck, path, { hash: table.hash, events: events.length, write: (draft) => writeParquet(draft, table) });
}

/** Writes the events of other batch files, sorted by time, as one Parquet file; see writeWhole. */
export function joinBatchFiles(
  duck: Duck,
  path: string,
  sources: { paths: readonly string[]; hash: string; events: number },
): Promise<BatchFile> {
  const { paths, hash, events } = sources;
  return writeWhole(duck, path, { hash, events, write: (draft) => copyParquet(duck, draft, paths, hash) });
}

/**
 * Writes a file that is whole or absent: written under another name, fsynced, linked to its name, folder fsynced. Where a whole file
 * of the same events has the name already (a crash came before the catalogue row, or another attempt was quicker), that file stays
 * and is described; a damaged one is replaced.
 */
async function writeWhole(duck: Duck, path: string, content: BatchContent): Promise<BatchFile> {
  if (await holds(duck, path, content.hash, content.events)) {
    // Counts as new: retention takes an old file that no row names yet for one that a crash left.
    await utimes(path, new Date(), new Date());
    return describeFile(path);
  }
  const folder = dirname(path);
  const created = await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  try {
    await content.write(temporary);
    await syncPath(temporary);
    if (!(await linked(temporary, path)) && !(await holds(duck, path, content.hash, content.events))) await rename(temporary, path);
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

async function writeParquet(path: string, table: EncodedTable): Promise<void> {
  try {
    await writeFile(path, parquetFile(table, { [CONTENT_KEY]: table.hash }));
  } catch (error) {
    throw diskError(error, path, 'telemetry');
  }
}

function copyParquet(duck: Duck, path: string, sources: readonly string[], content: string): Promise<void> {
  const from = `read_parquet([${sources.map(literal).join(', ')}], hive_partitioning = false, union_by_name = true)`;
  const order = EVENT_ORDER.map((column) => `"${column}"`).join(', ');
  return duck.with(async (connection) => {
    await connection.run(`copy (select * from ${from} order by ${order}) to ${literal(path)} (${parquetOptions(content)})`);
  });
}

function parquetOptions(content: string): string {
  return `format parquet, compression zstd, compression_level 1, kv_metadata { ${CONTENT_KEY}: ${literal(content)} }`;
}

/** Whether a whole, readable file of these events has the name: its footer tells its content, and every value can be decoded. */
async function holds(duck: Duck, path: string, content: string, events: number): Promise<boolean> {
  if ((await stat(path).catch(() => undefined)) === undefined) return false;
  try {
    return await duck.with(async (connection) => {
      const named = await connection.runAndReadAll(
        `select decode(value) from parquet_kv_metadata(${literal(path)}) where decode(key) = ${literal(CONTENT_KEY)}`,
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
