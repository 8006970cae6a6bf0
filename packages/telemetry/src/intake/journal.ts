import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import type { PlacedLine } from '../extract/join-lines.ts';
import { type Disk, diskError, nodeDisk } from './disk.ts';
import type { JournalLines } from './journal-lines.ts';

/** First line of a journal file. */
export interface JournalHeader {
  sourceId: string;
  path: string;
  /** Epoch ms of the source's last change before it was read. */
  ingestedAt: number;
}

const SUFFIX = '.journal';
const ORPHAN_AGE_MS = 24 * 3_600_000;

/**
 * Redacted stretches of logs on disk, one file a segment: written whole, fsynced, renamed, the folder fsynced. Later beats read
 * these and never the logs themselves.
 */
export class Journal {
  readonly #directory: string;
  readonly #disk: Disk;

  constructor(directory: string, disk: Disk = nodeDisk) {
    this.#directory = directory;
    this.#disk = disk;
  }

  /** Fails with STORE_FULL where the disk is full. The same id may be written again: its content is the same. */
  async write(id: string, header: JournalHeader, lines: JournalLines): Promise<void> {
    const draft = this.#path(`${id}.${process.pid}.draft`);
    try {
      await this.#disk.makeFolder(this.#directory);
      const file = await this.#disk.create(draft);
      try {
        await file.write(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...lines.bytes()]));
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#disk.rename(draft, this.#path(id + SUFFIX));
      await this.#disk.syncFolder(this.#directory);
    } catch (error) {
      await this.#disk.remove(draft);
      throw diskError(error, this.#directory, 'the journal');
    }
  }

  /** Each iteration over the lines takes them apart anew, one by one: a list of all would take as much memory again. Fails with REFERENCE_MISSING. */
  async read(id: string): Promise<{ header: JournalHeader; lines: Iterable<PlacedLine> }> {
    const path = this.#path(id + SUFFIX);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new SelfhealError('REFERENCE_MISSING', `the journal of segment ${id} is gone`, { where: { path }, cause: error });
    });
    // At once: read as text, it would be put together of pieces first.
    const text = bytes.toString('utf8');
    const end = text.indexOf('\n');
    const header: JournalHeader = JSON.parse(end < 0 ? text : text.slice(0, end));
    return { header, lines: { [Symbol.iterator]: () => linesOf(text, end < 0 ? text.length : end + 1) } };
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#disk.remove(this.#path(id + SUFFIX));
  }

  /** Files of pulls that never came to be stored. Their stretches are read again, so they are only waste. */
  async removeOrphans(now: number): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(SUFFIX) || entry.endsWith('.draft'))) {
      const info = await stat(this.#path(name)).catch(() => undefined);
      if (info !== undefined && info.mtimeMs < now - ORPHAN_AGE_MS) await this.#disk.remove(this.#path(name));
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** The lines from a place on. */
function* linesOf(text: string, from: number): Generator<PlacedLine> {
  for (let at = from; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    if (end > at) {
      const first = text.indexOf('\t', at);
      const second = text.indexOf('\t', first + 1);
      yield { offset: numberAt(text, at, first), line: numberAt(text, first + 1, second), text: text.slice(second + 1, end) };
    }
    at = end + 1;
  }
}

/** The digits that stand from a place to another, as a number; read as they stand, for each line has two of them. */
function numberAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - 48;
  return value;
}
