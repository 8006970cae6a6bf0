import { SelfhealError } from '@selfheal/contracts';
import { openByteSource } from '../../intake/byte-source.ts';
import { detectEncoding } from '../../intake/encoding.ts';
import { LineSplitter } from '../../intake/line-splitter.ts';
import { csvColumn } from './csv-column.ts';

/** Lines that can be read more than once: templates are learned in one pass and told in another. */
export interface LineSource {
  /** For messages. */
  path: string;
  /** Whether lines have a head of unknown format in front of their text. */
  raw: boolean;
  /** All lines, in batches as they come from the disk; blank ones too, so that they can be counted. */
  read(): AsyncIterable<readonly string[]>;
}

export interface LineSourceOptions {
  /** The files are CSV with a header; the text of a line is the field of this name. */
  contentColumn?: string;
  signal?: AbortSignal;
}

/** Longer lines are read as blank ones: no template is told by more than its beginning, and memory stays bounded. */
const MAX_LINE_BYTES = 16_777_216;
const MAX_INFLATE_RATIO = 1_000;
const HEAD_BYTES = 4_096;

/**
 * A log file as a source of lines: plain or gzip, UTF-8 or UTF-16. Its size is fixed when it is opened, so that all passes read the same.
 * Fails with LOG_UNREADABLE, LOG_BINARY; reading fails with LOG_TRUNCATED_GZIP, LOG_LIMIT and, for CSV, with INPUT_INVALID.
 */
export async function openLineSource(path: string, options: LineSourceOptions = {}): Promise<LineSource> {
  const { contentColumn, signal } = options;
  const source = await openByteSource(path, MAX_INFLATE_RATIO);
  await source.close();
  const read = (): AsyncGenerator<string[]> => linesOf(path, source.size, source.gzip, signal);
  if (contentColumn === undefined) return { path, raw: true, read };
  return { path, raw: false, read: () => csvColumn(read(), contentColumn, path) };
}

async function* linesOf(path: string, size: number, gzip: boolean, signal: AbortSignal | undefined): AsyncGenerator<string[]> {
  const source = await openByteSource(path, MAX_INFLATE_RATIO);
  try {
    const seen = detectEncoding(await source.head(HEAD_BYTES));
    if ('binary' in seen) throw new SelfhealError('LOG_BINARY', `it looks like ${seen.binary}`, { where: { path } });
    const splitter = new LineSplitter({ encoding: seen.encoding, offset: seen.mark, line: 0, maxLineBytes: MAX_LINE_BYTES });
    let left = gzip ? Number.POSITIVE_INFINITY : size - seen.mark;
    for await (const chunk of source.read(seen.mark)) {
      signal?.throwIfAborted();
      yield splitter.push(chunk.length > left ? chunk.subarray(0, left) : chunk).map(({ text = '' }) => text);
      left -= chunk.length;
      if (left <= 0) break;
    }
    const last = splitter.finish();
    if (last !== undefined) yield [last.text ?? ''];
  } finally {
    await source.close();
  }
}
