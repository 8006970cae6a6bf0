import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SelfhealError } from '@selfheal/contracts';
import { detectEncoding } from '../intake/encoding.ts';
import { LineSplitter, type SplitLine } from '../intake/line-splitter.ts';

/** No row of a table of two columns is longer; memory stays bounded. */
const MAX_LINE_BYTES = 65_536;
const HEAD_BYTES = 4_096;
const GZIP = [0x1f, 0x8b];

/**
 * The lines of a stream of bytes: plain or gzip (told by the first bytes, so standard input may be either), UTF-8 or UTF-16. A line that is
 * too long has no text. `name` is for errors: LOG_BINARY, LOG_TRUNCATED_GZIP.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<SplitLine[]> {
  const bytes = await withHead(chunks, GZIP.length);
  const text = GZIP.every((byte, at) => bytes.head[at] === byte) ? await withHead(inflated(bytes.all, name), HEAD_BYTES) : undefined;
  const { head, all } = text ?? (await withHead(bytes.all, HEAD_BYTES));
  const seen = detectEncoding(head.subarray(0, HEAD_BYTES));
  if ('binary' in seen) throw new SelfhealError('LOG_BINARY', `it looks like ${seen.binary}`, { where: { path: name } });
  const splitter = new LineSplitter({ encoding: seen.encoding, offset: seen.mark, line: 0, maxLineBytes: MAX_LINE_BYTES });
  let mark = seen.mark;
  for await (const chunk of all) {
    yield splitter.push(chunk.subarray(mark));
    mark = 0;
  }
  const last = splitter.finish();
  if (last !== undefined) yield [last];
}

/** The first bytes (fewer where the stream is shorter), and all bytes with these as their first chunk. */
async function withHead(chunks: AsyncIterable<Uint8Array>, length: number): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  for (let bytes = 0; bytes < length; ) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    parts.push(value);
    bytes += value.length;
  }
  const head = Buffer.concat(parts);
  return { head, all: rejoined(head, iterator) };
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield Buffer.from(next.value);
  } finally {
    await rest.return?.();
  }
}

async function* inflated(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const input = Readable.from(chunks, { objectMode: false });
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  input.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new SelfhealError('LOG_TRUNCATED_GZIP', detail, { where: { path: name }, cause: error });
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}
