import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { SelfhealError } from '@selfheal/contracts';

const BLOCK = 262_144;
/** Below this size of output no ratio is judged: small files may repeat themselves. */
const RATIO_FROM = 4_194_304;

/** A log file opened for reading from any offset, plain or gzip. Offsets count inflated bytes. */
export interface ByteSource {
  readonly gzip: boolean;
  /** Bytes when it was opened: on disk, so compressed for gzip. */
  readonly size: number;
  readonly device: number;
  readonly inode: number;
  readonly modifiedMs: number;
  /** The first bytes, at most `length`. */
  head(length: number): Promise<Buffer>;
  /** All bytes from the offset to the end as it was when opened. */
  read(offset: number): AsyncGenerator<Buffer>;
  /** Size now, to see whether it still grows. */
  sizeNow(): Promise<number>;
  close(): Promise<void>;
}

/** Fails with LOG_UNREADABLE. Only regular files are read: a pipe would be emptied, or waited for. */
export async function openByteSource(path: string, maxInflateRatio: number): Promise<ByteSource> {
  const file = await openFile(path);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new SelfhealError('LOG_UNREADABLE', 'it is no regular file', { where: { path } });
    const start = await readAt(file, 0, 2);
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    const shared = { gzip, size: info.size, device: info.dev, inode: info.ino, modifiedMs: info.mtimeMs };
    const read = gzip ? (offset: number) => inflate(path, offset, maxInflateRatio) : (offset: number) => plain(file, offset, info.size);
    return {
      ...shared,
      read,
      head: async (length) => (gzip ? await headOf(read(0), length) : await readAt(file, 0, length)),
      sizeNow: async () => (await file.stat()).size,
      close: async () => await file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Not blocking: opening a pipe would wait for its writer.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new SelfhealError('LOG_UNREADABLE', error instanceof Error ? error.message : String(error), { where: { path }, cause: error });
  }
}

async function* plain(file: FileHandle, offset: number, size: number): AsyncGenerator<Buffer> {
  for (let at = offset; at < size; ) {
    const block = await readAt(file, at, Math.min(BLOCK, size - at));
    if (block.length === 0) return;
    at += block.length;
    yield block;
  }
}

/**
 * Inflates from the start, passing over what lies before the offset. A damaged or torn file gives all that could be
 * inflated, then fails with LOG_TRUNCATED_GZIP; one that inflates beyond reason fails with LOG_LIMIT.
 */
async function* inflate(path: string, offset: number, maxRatio: number): AsyncGenerator<Buffer> {
  const input = createReadStream(path, { highWaterMark: 65_536 });
  const gunzip = createGunzip({ chunkSize: BLOCK });
  input.on('error', (error) => gunzip.destroy(error));
  input.pipe(gunzip);
  let out = 0;
  try {
    for await (const chunk of gunzip) {
      const block: Buffer = chunk;
      const before = out;
      out += block.length;
      if (out > RATIO_FROM && out > gunzip.bytesWritten * maxRatio) {
        throw new SelfhealError('LOG_LIMIT', `it inflates more than maxInflateRatio ${maxRatio} times`, { where: { path, offset: out } });
      }
      if (out > offset) yield before >= offset ? block : block.subarray(offset - before);
    }
  } catch (error) {
    if (error instanceof SelfhealError) throw error;
    throw new SelfhealError('LOG_TRUNCATED_GZIP', error instanceof Error ? error.message : String(error), {
      where: { path, offset: out },
      cause: error,
    });
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

async function headOf(chunks: AsyncGenerator<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      bytes += chunk.length;
      if (bytes >= length) break;
    }
  } catch (error) {
    // What is wrong with the rest is told when it is read.
    if (!(error instanceof SelfhealError)) throw error;
  }
  return Buffer.concat(parts).subarray(0, length);
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
