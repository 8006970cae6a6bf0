import type { LoggedOutput } from '../report/build-report.ts';
import { qualityOf } from '../report/diagnostics.ts';
import type { TaskResult } from '../run/build-event.ts';
import { KeptBuilds } from './kept-builds.ts';

/** The output of the tasks of one build, stored as each ends. */
export class BuildLogs {
  readonly #kept: KeptBuilds;
  readonly #buildId: string;
  readonly #outputs = new Map<string, LoggedOutput>();
  readonly #writing: Promise<void>[] = [];
  readonly #faults: string[] = [];

  constructor(kept: KeptBuilds, buildId: string) {
    this.#kept = kept;
    this.#buildId = buildId;
  }

  /** A task that runs again has the output of its last run. */
  add(id: string, log: string): void {
    this.#outputs.delete(id);
    if (log === '') return;
    this.#note(id, log);
    const failed = (error: unknown) => void this.#faults.push(`the log of ${id} is not kept: ${String(error)}`);
    this.#writing.push(this.#kept.keepLog(this.#buildId, id, log).catch(failed));
  }

  /** The newest output of a task. */
  async textOf(id: string): Promise<string> {
    await Promise.all(this.#writing);
    return this.#outputs.has(id) ? ((await this.#kept.readLog(this.#buildId, id)) ?? '') : '';
  }

  /** Takes up what an earlier process stored of this build. */
  async takeUp(results: readonly TaskResult[]): Promise<void> {
    for (const { id } of results) {
      const log = this.#outputs.has(id) ? undefined : await this.#kept.readLog(this.#buildId, id);
      if (log !== undefined) this.#note(id, log);
    }
  }

  /** Waits until all is written. */
  async close(): Promise<{ readonly logs: ReadonlyMap<string, LoggedOutput>; readonly faults: readonly string[] }> {
    await Promise.all(this.#writing);
    return { logs: this.#outputs, faults: this.#faults };
  }

  #note(id: string, log: string): void {
    this.#outputs.set(id, { file: KeptBuilds.logFile(this.#buildId, id), quality: qualityOf(log) });
  }
}
