import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type LogReader,
  type LogSources,
  type RawEvent,
  type Segment,
  type SelfhealConfigInput,
  selfhealConfig,
} from '@selfheal/contracts';
import { openStore, type Store } from '@selfheal/store';
import { execa } from 'execa';
import { openLogSources } from '../src/open-log-sources.ts';

/** A temporary repository, a real store and the log sources over them. */
export class LogRig implements AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  readonly options: { config: ReturnType<typeof selfhealConfig.parse>; readers: readonly LogReader[] };
  sources: LogSources;

  private constructor(root: string, store: Store, options: LogRig['options']) {
    this.root = root;
    this.store = store;
    this.options = options;
    this.sources = this.#open();
  }

  static async open(config: SelfhealConfigInput = {}, readers: readonly LogReader[] = []): Promise<LogRig> {
    const root = mkdtempSync(join(tmpdir(), 'selfheal-logs-'));
    const store = await openStore({ dataDir: join(root, '.selfheal') });
    return new LogRig(root, store, { config: selfhealConfig.parse(config), readers });
  }

  /** The same folders opened anew, as after a restart. */
  reopen(): void {
    this.sources = this.#open();
  }

  write(path: string, content: string | Buffer): string {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  }

  /** Makes the folder a git repository that tracks these files. */
  async track(files: Record<string, string>): Promise<void> {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    await execa('git', ['init', '-q'], { cwd: this.root });
    await execa('git', ['add', '-f', ...Object.keys(files)], { cwd: this.root });
  }

  async pull(paths: readonly string[], maxBytes = 16_777_216): ReturnType<LogSources['pull']> {
    return await this.sources.pull({ projectId: 'p', paths, maxBytes, signal: new AbortController().signal });
  }

  /** What storing a batch does to the offsets. */
  async commit(segments: readonly Segment[], at = Date.now()): Promise<void> {
    for (const { sourceId, path, identity, toOffset, firstLine, lines } of segments) {
      await this.store.records.put('sourceOffset', {
        id: sourceId,
        projectId: 'p',
        path,
        identity,
        offset: toOffset,
        line: firstLine - 1 + lines,
        updatedAt: at,
      });
    }
  }

  /** Pulls, parses and commits once. */
  async read(paths: readonly string[], maxBytes?: number): Promise<RawEvent[]> {
    const { segments } = await this.pull(paths, maxBytes);
    const { events } = await this.sources.extract(segments, new AbortController().signal);
    await this.commit(segments);
    await this.sources.release(segments);
    return events;
  }

  async texts(paths: readonly string[], maxBytes?: number): Promise<string[]> {
    return (await this.read(paths, maxBytes)).map((event) => event.text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  #open(): LogSources {
    const { config, readers } = this.options;
    return openLogSources({
      journalDir: join(this.root, '.selfheal/journal'),
      records: this.store.records,
      projectRoot: this.root,
      config,
      readers,
    });
  }
}
