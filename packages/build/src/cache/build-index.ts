import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isKnownHash, type KnownHash } from '../files/file-hashes.ts';
import { isFullDisk } from '../files/full-disk.ts';
import { isRecord, parsed } from './json-shape.ts';

export interface TaskRecord {
  /** Milliseconds of the last run that ended well. */
  readonly durationMs?: number;
  /** The key that the outputs in the tree belong to, and their digest; neither where they belong to none. */
  readonly key?: string;
  readonly outputs?: string;
}

/** Raised when the files mean something else. */
const FORMAT = 1;

/**
 * What the last builds of a workspace left, in plain files, so that a build with nothing to do opens no database: `index.json`, written at
 * the end of a build, and `journal.jsonl`, to which each start and each end of a task is appended as it happens. After a crash the journal
 * is read over the index: what ended stays ended, and what only began has outputs of no key.
 */
export class BuildIndex {
  readonly #folder: string;
  readonly files: ReadonlyMap<string, KnownHash>;
  readonly #tasks: Map<string, TaskRecord>;
  #changed = false;
  #journal: number | undefined;

  private constructor(folder: string, files: ReadonlyMap<string, KnownHash>, tasks: Map<string, TaskRecord>) {
    this.#folder = folder;
    this.files = files;
    this.#tasks = tasks;
  }

  /** A damaged index is an empty one: all is looked at anew. */
  static async open(folder: string): Promise<BuildIndex> {
    await mkdir(folder, { recursive: true });
    const [text, journal] = await Promise.all(
      ['index.json', 'journal.jsonl'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
    );
    const index = parsed(text ?? '');
    const known = isRecord(index) && index.format === FORMAT ? index : {};
    const files = Object.entries(isRecord(known.files) ? known.files : {});
    const tasks = Object.entries(isRecord(known.tasks) ? known.tasks : {});
    const read = new BuildIndex(
      folder,
      new Map(files.flatMap(([path, hash]) => (isKnownHash(hash) ? [[path, hash]] : []))),
      new Map(tasks.flatMap(([id, record]) => (isTaskRecord(record) ? [[id, record]] : []))),
    );
    for (const line of (journal ?? '').split('\n')) read.#readJournal(line);
    return read;
  }

  task(id: string): TaskRecord {
    return this.#tasks.get(id) ?? {};
  }

  durations(): ReadonlyMap<string, number> {
    return new Map([...this.#tasks].flatMap(([id, { durationMs }]) => (durationMs === undefined ? [] : [[id, durationMs]])));
  }

  /**
   * Durable once it returns, but for a power cut, after which the outputs are compared with their digest anyway, and for a full disk: then
   * `save` tries again with all of it, and tells. A line break first: the line before may be half.
   */
  record(task: string, record: TaskRecord): void {
    this.#tasks.set(task, record);
    this.#changed = true;
    try {
      this.#journal ??= openSync(join(this.#folder, 'journal.jsonl'), 'a');
      writeSync(this.#journal, `\n${JSON.stringify({ task, record })}`);
    } catch (error) {
      if (!isFullDisk(error)) throw error;
    }
  }

  async save(files: ReadonlyMap<string, KnownHash>, filesChanged: boolean): Promise<void> {
    if (this.#journal !== undefined) closeSync(this.#journal);
    this.#journal = undefined;
    if (!this.#changed && !filesChanged) return;
    const partial = join(this.#folder, `index.json.${process.pid}.partial`);
    const content = { format: FORMAT, files: Object.fromEntries(files), tasks: Object.fromEntries(this.#tasks) };
    try {
      await writeFile(partial, JSON.stringify(content));
      await rename(partial, join(this.#folder, 'index.json'));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    await rm(join(this.#folder, 'journal.jsonl'), { force: true });
  }

  /** What is left of a journal is of a build that was cut off: its last line may be half. */
  #readJournal(line: string): void {
    const entry = parsed(line);
    if (!isRecord(entry) || typeof entry.task !== 'string' || !isTaskRecord(entry.record)) return;
    this.#tasks.set(entry.task, entry.record);
    this.#changed = true;
  }
}

function isTaskRecord(value: unknown): value is TaskRecord {
  if (!isRecord(value)) return false;
  const { durationMs, key, outputs } = value;
  const isTimed = durationMs === undefined || typeof durationMs === 'number';
  return isTimed && [key, outputs].every((text) => text === undefined || typeof text === 'string');
}
