import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { KnownHash } from './file-hashes.ts';

const knownHash = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string(), z.string()]);

const taskRecord = z.object({
  /** Milliseconds of the last run that ended well. */
  durationMs: z.number().optional(),
  /** The key that the outputs in the tree belong to, and their digest; neither where they belong to none. */
  key: z.string().optional(),
  outputs: z.string().optional(),
});

export type TaskRecord = z.infer<typeof taskRecord>;

const shape = z.object({ format: z.literal(1), files: z.record(z.string(), knownHash), tasks: z.record(z.string(), taskRecord) });
const journalLine = z.object({ task: z.string(), record: taskRecord });

/**
 * What the last builds of a workspace left, in plain files, so that a build with nothing to do opens no database: `index.json`, written at
 * the end of a build, and `journal.jsonl`, to which each start and each end of a task is appended as it happens. After a crash the journal
 * is read over the index: what ended stays ended, and what only began has outputs of no key.
 */
export class BuildIndex {
  readonly #folder: string;
  readonly files: Readonly<Record<string, KnownHash>>;
  readonly #tasks: Map<string, TaskRecord>;
  #changed = false;

  private constructor(folder: string, files: Readonly<Record<string, KnownHash>>, tasks: Map<string, TaskRecord>) {
    this.#folder = folder;
    this.files = files;
    this.#tasks = tasks;
  }

  /** A damaged index is an empty one: all is looked at anew. */
  static async open(folder: string): Promise<BuildIndex> {
    await mkdir(folder, { recursive: true });
    const read = shape.safeParse(parsed(await readFile(join(folder, 'index.json'), 'utf8').catch(() => '')));
    const tasks = new Map(Object.entries(read.data?.tasks ?? {}));
    const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8').catch(() => '');
    for (const line of journal.split('\n')) {
      const entry = journalLine.safeParse(parsed(line));
      if (entry.success) tasks.set(entry.data.task, entry.data.record);
    }
    return new BuildIndex(folder, read.data?.files ?? {}, tasks);
  }

  task(id: string): TaskRecord {
    return this.#tasks.get(id) ?? {};
  }

  durations(): ReadonlyMap<string, number> {
    return new Map([...this.#tasks].flatMap(([id, { durationMs }]) => (durationMs === undefined ? [] : [[id, durationMs]])));
  }

  /** Durable once it returns, but for a power cut, after which the outputs are compared with their digest anyway. */
  record(task: string, record: TaskRecord): void {
    this.#tasks.set(task, record);
    this.#changed = true;
    appendFileSync(join(this.#folder, 'journal.jsonl'), `${JSON.stringify({ task, record })}\n`);
  }

  async save(files: Readonly<Record<string, KnownHash>>, filesChanged: boolean): Promise<void> {
    if (!this.#changed && !filesChanged) return;
    const partial = join(this.#folder, `index.json.${process.pid}.partial`);
    await writeFile(partial, JSON.stringify({ format: 1, files, tasks: Object.fromEntries(this.#tasks) }));
    await rename(partial, join(this.#folder, 'index.json'));
    await rm(join(this.#folder, 'journal.jsonl'), { force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
