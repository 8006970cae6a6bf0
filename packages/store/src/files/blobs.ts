import { createHash } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Blobs, type Ref, SelfhealError } from '@selfheal/contracts';
import { writeDurably } from './durable-file.ts';

/** Larger values are worth compressing; smaller ones stay readable to people. */
const COMPRESS_FROM_BYTES = 64 * 1024;
/** What a sweep looks at a second time; the name before it is the value's own. */
const SWEPT = /^([0-9a-f]{64}\.json)\.\d+\.swept$/;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

export interface FileBlobs extends Blobs {
  /** Removes values that were neither written nor put again for longer and are not in `keep`, and files that a crash left; returns what was freed. */
  sweep(limits: SweepLimits): Promise<{ removed: number; bytes: number }>;
}

export interface SweepLimits {
  readonly olderThanMs: number;
  /** `$ref` of values that something still refers to. */
  readonly keep?: ReadonlySet<string>;
  /** Epoch ms. */
  readonly now?: number;
  readonly signal?: AbortSignal;
}

/**
 * Values as JSON, each in the file that its SHA-256 names: `<dir>/<2 hex>/<64 hex>.json`, zstd-compressed when large. Equal
 * values share a file. `put` fails with INPUT_INVALID for what is not JSON and STORE_FULL; `get` with REFERENCE_MISSING.
 */
export function createBlobs(options: { dir: string }): FileBlobs {
  const fileOf = (hash: string): string => join(options.dir, hash.slice(0, 2), `${hash}.json`);
  return {
    async put(value) {
      const text = jsonText(value);
      const hash = sha256(text);
      const file = fileOf(hash);
      if (!(await keepStored(file, hash))) await write(file, text);
      return { $ref: `sha256-${hash}`, bytes: Buffer.byteLength(text) };
    },
    async get(ref) {
      const hash = hashOf(ref);
      const file = fileOf(hash);
      const content = await readFile(file).catch((cause: unknown) => {
        throw missing(ref, file, isErrno(cause, 'ENOENT') ? 'the file is gone' : 'the file cannot be read', cause);
      });
      const text = await decoded(content).catch((cause: unknown) => {
        throw missing(ref, file, 'the file is damaged', cause);
      });
      if (sha256(text) !== hash) throw missing(ref, file, 'the file is damaged: its content has another hash');
      return JSON.parse(text);
    },
    sweep: (limits) => sweep(options.dir, limits),
  };
}

function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new SelfhealError('INPUT_INVALID', 'the value cannot be written as JSON', { cause });
  }
  if (text === undefined) throw new SelfhealError('INPUT_INVALID', `a value of type ${typeof value} is not JSON`);
  return text;
}

/** True where the value is stored whole already; its file then counts as new, so that a sweep keeps it. */
async function keepStored(file: string, hash: string): Promise<boolean> {
  try {
    if (sha256(await decoded(await readFile(file))) !== hash) return false;
    const now = new Date();
    await utimes(file, now, now);
    return true;
  } catch {
    // Missing or damaged: written anew.
    return false;
  }
}

async function write(file: string, text: string): Promise<void> {
  const plain = Buffer.from(text);
  try {
    await writeDurably(file, plain.length > COMPRESS_FROM_BYTES ? await promisify(zstdCompress)(plain) : plain);
  } catch (cause) {
    if (isErrno(cause, 'ENOSPC') || isErrno(cause, 'EDQUOT'))
      throw new SelfhealError('STORE_FULL', 'a value could not be written', { where: { file }, cause });
    throw cause;
  }
}

/** JSON never begins with zstd's magic number. */
async function decoded(content: Buffer): Promise<string> {
  const plain = content.subarray(0, 4).equals(ZSTD_MAGIC) ? await promisify(zstdDecompress)(content) : content;
  return plain.toString('utf8');
}

async function sweep(
  dir: string,
  { olderThanMs, keep, now = Date.now(), signal }: SweepLimits,
): Promise<{ removed: number; bytes: number }> {
  const freed = { removed: 0, bytes: 0 };
  for (const folder of await namesIn(dir)) {
    signal?.throwIfAborted();
    for (const found of await namesIn(join(dir, folder))) {
      const name = await backInPlace(join(dir, folder), found);
      if (name.endsWith('.json') && keep?.has(`sha256-${name.slice(0, -'.json'.length)}`) === true) continue;
      const bytes = await removeOld(join(dir, folder, name), now - olderThanMs);
      if (bytes === undefined) continue;
      freed.removed++;
      freed.bytes += bytes;
    }
  }
  return freed;
}

/** A sweep that was killed may have left a value under its other name; returns the name that it has now. */
async function backInPlace(folder: string, name: string): Promise<string> {
  const own = SWEPT.exec(name)?.[1];
  if (own === undefined) return name;
  await link(join(folder, name), join(folder, own)).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST') && !isErrno(error, 'ENOENT')) throw error;
  });
  await rm(join(folder, name), { force: true });
  return own;
}

/**
 * Moved aside before it is judged a second time: a `put` of the same value between the look and the removal would else be told
 * that its value is stored, and then lose it.
 */
async function removeOld(file: string, before: number): Promise<number | undefined> {
  const seen = await stat(file).catch(() => undefined);
  if (seen === undefined || seen.mtimeMs >= before) return undefined;
  const aside = `${file}.${process.pid}.swept`;
  if (!(await movedTo(file, aside))) return undefined;
  const moved = await stat(aside);
  if (moved.mtimeMs >= before) {
    await rename(aside, file);
    return undefined;
  }
  await rm(aside);
  return moved.size;
}

/** False where another sweep was quicker. */
async function movedTo(file: string, aside: string): Promise<boolean> {
  try {
    await rename(file, aside);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  });
}

function hashOf(ref: Ref): string {
  const match = /^sha256-([0-9a-f]{64})$/.exec(ref.$ref);
  if (match?.[1] === undefined) throw new SelfhealError('INPUT_INVALID', `${ref.$ref} is not a reference`);
  return match[1];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function missing(ref: Ref, file: string, why: string, cause?: unknown): SelfhealError {
  return new SelfhealError('REFERENCE_MISSING', `${ref.$ref}: ${why}`, { where: { file }, cause });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
