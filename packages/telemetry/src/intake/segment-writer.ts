import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type DiskFile, diskError } from './disk.ts';
import type { IntakeFolder } from './intake-folder.ts';
import { segmentName } from './segment-name.ts';

export interface SegmentWriterOptions {
  /** Its lock is held while a group is written, so that nobody removes the segment meanwhile or reads what is not yet durable. */
  readonly folder: IntakeFolder;
  /** What the lines come from: `otlp`, `host`, `stdin`. */
  readonly stream: string;
  /** A segment that has this size is followed by a new one. */
  readonly segmentBytes: number;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: (error?: unknown) => void;
}

interface Open {
  readonly path: string;
  readonly file: DiskFile;
  /** Of what is durable. */
  size: number;
}

/** Bytes that one fsync covers at most. */
const GROUP_BYTES = 8_388_608;

/**
 * Appends sealed lines to segments that this writer alone writes to. Appends that come while one is being written share the next
 * fsync (group commit: DeWitt et al., "Implementation techniques for main memory database systems", 1984).
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #waiting: Waiting[] = [];
  #open: Open | undefined;
  #working: Promise<void> | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** Resolves when the lines are on disk. Fails with STORE_FULL where there is no room; nothing of them is kept then. */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ bytes, done: (error) => (error === undefined ? resolve() : reject(error)) });
      this.#working ??= this.#work().finally(() => {
        this.#working = undefined;
      });
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#working;
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      const failure = await this.#options.folder.lock(() => this.#write(group)).catch((error: unknown) => error ?? new Error('no reason'));
      for (const { done } of group) done(failure);
    }
  }

  #nextGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: own } of this.#waiting) {
      if (count > 0 && bytes + own.length > GROUP_BYTES) break;
      bytes += own.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Returns the error, undefined where all is durable. */
  async #write(group: readonly Waiting[]): Promise<unknown> {
    const { folder } = this.#options;
    try {
      const open = await this.#segment();
      const bytes = Buffer.concat(group.map((one) => one.bytes));
      await open.file.write(bytes);
      await open.file.sync();
      open.size += bytes.length;
      return undefined;
    } catch (error) {
      await this.#abandon();
      return diskError(error, folder.path, 'a segment of the intake');
    }
  }

  async #segment(): Promise<Open> {
    const { folder, stream, segmentBytes } = this.#options;
    const { disk } = folder;
    const before = this.#open;
    if (before !== undefined && before.size < segmentBytes && disk.exists(before.path)) return before;
    this.#open = undefined;
    await before?.file.close();
    await disk.makeFolder(folder.path);
    const path = join(folder.path, segmentName(stream, Date.now(), randomBytes(6).toString('hex')));
    const open = { path, file: await disk.create(path), size: 0 };
    this.#open = open;
    await disk.syncFolder(folder.path);
    return open;
  }

  /** What failed may stand in the segment in part, or whole: it is cut off, and the segment is not written to again. */
  async #abandon(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    try {
      await open.file.truncate(open.size);
      await open.file.sync();
    } catch {
      // A disk that cannot even cut a file leaves a torn line, which no reader takes.
    }
    await open.file.close().catch(() => undefined);
  }
}
