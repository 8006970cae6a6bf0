import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, parsed } from '../cache/json-shape.ts';

/** The durable build that is under way, or was when its process ended. */
export interface OpenBuildRecord {
  readonly buildId: string;
  readonly workflowId: string;
  readonly planKey: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Where its workflow runs; the process that runs its tasks. */
  readonly address: string;
  readonly namespace: string;
  readonly pid: number;
}

/** `open.json` in the folder of builds: there as long as a build has not told its end. */
export class OpenBuildFile {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'open.json');
  }

  async read(): Promise<OpenBuildRecord | undefined> {
    const value = parsed(await readFile(this.#file, 'utf8').catch(() => ''));
    return isOpenBuild(value) ? value : undefined;
  }

  async write(record: OpenBuildRecord): Promise<void> {
    const partial = `${this.#file}.${process.pid}`;
    await writeFile(partial, JSON.stringify(record));
    await rename(partial, this.#file);
  }

  remove(): Promise<void> {
    return rm(this.#file, { force: true });
  }
}

function isOpenBuild(value: unknown): value is OpenBuildRecord {
  if (!isRecord(value)) return false;
  const texts = [value.buildId, value.workflowId, value.planKey, value.address, value.namespace];
  return texts.every((text) => typeof text === 'string') && [value.startedAt, value.pid].every((count) => typeof count === 'number');
}
