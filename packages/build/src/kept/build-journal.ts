import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord, parsed } from '../cache/json-shape.ts';
import { isFullDisk } from '../files/full-disk.ts';
import type { TaskResult } from '../run/build-event.ts';

/** The end of a task as it is written down: times are those of the clock, so that they mean the same after a restart. */
export interface JournalEntry {
  /** Its times are milliseconds since 1970. */
  readonly task: TaskResult;
  readonly upstream: Readonly<Record<string, string>> | null;
  readonly result?: string;
}

/**
 * What became of the tasks of one build, a line each, written as each ends: a build that was cut off goes on where it was, and its report
 * tells of all of it. The last line of a process that died may be half; it counts as not there.
 */
export class BuildJournal {
  readonly #file: string;
  readonly #entries = new Map<string, JournalEntry>();

  constructor(folder: string, buildId: string) {
    this.#file = join(folder, 'runs', buildId, 'results.jsonl');
    mkdirSync(dirname(this.#file), { recursive: true });
    for (const line of textOf(this.#file).split('\n')) {
      const entry = parsed(line);
      if (isEntry(entry)) this.#entries.set(entry.task.id, entry);
    }
  }

  /** The newest entry of each task. */
  get entries(): ReadonlyMap<string, JournalEntry> {
    return this.#entries;
  }

  /** A line break first: the line before may be half. Where the disk is full the entry is known to this process alone. */
  add(entry: JournalEntry): void {
    this.#entries.set(entry.task.id, entry);
    try {
      appendFileSync(this.#file, `\n${JSON.stringify(entry)}`);
    } catch (error) {
      if (!isFullDisk(error)) throw error;
    }
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Lines are written by this class alone, so a whole one has all parts. */
function isEntry(value: unknown): value is JournalEntry {
  return isRecord(value) && isRecord(value.task) && typeof value.task.id === 'string' && typeof value.task.state === 'string';
}
