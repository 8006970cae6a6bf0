import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BeatOutput, beats, type Ports, selfhealConfig } from '@selfheal/contracts';
import { openStore, type Store } from '@selfheal/store';
import { type OpenLake, openLake, openLogSources } from '@selfheal/telemetry';
import { execa } from 'execa';
import { telemetryParseHandlers as handlers } from '../index.ts';

export const NOW = Date.UTC(2024, 4, 2);

/** A temporary repository with a real store, lake and log sources; runs the seven beats and checks every output against its contract. */
export class ParseRig implements AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  readonly lake: OpenLake;
  readonly heartbeats: string[] = [];
  ports: Ports;

  private constructor(root: string, store: Store, lake: OpenLake) {
    this.root = root;
    this.store = store;
    this.lake = lake;
    this.ports = this.openPorts();
  }

  static async open(): Promise<ParseRig> {
    const root = mkdtempSync(join(tmpdir(), 'selfheal-parse-'));
    const store = await openStore({ dataDir: join(root, '.selfheal') });
    return new ParseRig(root, store, await openLake({ dir: join(root, '.selfheal/lake'), records: store.records }));
  }

  /** The ports of this sequence; any other one fails when it is touched. */
  openPorts(overrides: Partial<Ports> = {}): Ports {
    const { root } = this;
    const { records } = this.store;
    const config = selfhealConfig.parse({});
    const known: Partial<Ports> = {
      records,
      lake: this.lake,
      sources: openLogSources({ journalDir: join(root, '.selfheal/journal'), records, projectRoot: root, config }),
      clock: { now: () => NOW },
      project: { id: 'p', root, dataDir: join(root, '.selfheal'), config },
      beat: {
        workflowId: 'w',
        sequence: 'telemetry.parse',
        beat: 'b',
        attempt: 1,
        key: 'k',
        signal: new AbortController().signal,
        heartbeat: (progress) => this.heartbeats.push(progress ?? ''),
      },
      ...overrides,
    };
    return new Proxy(known, {
      get: (target, name) => {
        if (!(name in target)) throw new Error(`the handler touched the port ${String(name)}`);
        return Reflect.get(target, name);
      },
    }) as Ports;
  }

  write(path: string, content: string | Buffer): string {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  }

  async track(files: Record<string, string>): Promise<void> {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    await execa('git', ['init', '-q'], { cwd: this.root });
    await execa('git', ['add', '-f', ...Object.keys(files)], { cwd: this.root });
  }

  /** The beats up to, but without, storing. */
  async parse(paths: readonly string[], maxBytes?: number) {
    const { ports } = this;
    const request = handlers.parseTelemetryRequested({
      projectId: 'p',
      paths: [...paths],
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    const loaded = beats.loadLogFiles.output.parse(await handlers.loadLogFiles(request, ports));
    const extracted = beats.extractTelemetryEvents.output.parse(
      await handlers.extractTelemetryEvents({ projectId: 'p', segments: loaded.segments }, ports),
    );
    const normalised = beats.normalizeTelemetryData.output.parse(handlers.normalizeTelemetryData(extracted));
    const aggregated = beats.aggregateTelemetryMetrics.output.parse(handlers.aggregateTelemetryMetrics({ events: normalised.events }));
    return { loaded, extracted, normalised, aggregated };
  }

  /** All seven beats once. */
  async run(paths: readonly string[], maxBytes?: number): Promise<BeatOutput<'parseTelemetryCompleted'>> {
    const parsed = await this.parse(paths, maxBytes);
    const { loaded, extracted, aggregated } = parsed;
    const stored = await this.storeParsed(parsed);
    const { files, more, rejected } = loaded;
    const { lines, unparsed, formats } = extracted;
    const input = { files, more, rejected, lines, unparsed, formats, totals: aggregated.totals, ...stored };
    return beats.parseTelemetryCompleted.output.parse(handlers.parseTelemetryCompleted(beats.parseTelemetryCompleted.input.parse(input)));
  }

  async storeParsed({ loaded, normalised, aggregated }: Awaited<ReturnType<ParseRig['parse']>>, ports = this.ports) {
    const { segments, rejected } = loaded;
    const { events, miner } = normalised;
    const input = { projectId: 'p', segments, rejected, events, slices: aggregated.slices, miner };
    return beats.storeTelemetryDatabase.output.parse(await handlers.storeTelemetryDatabase(input, ports));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lake.close();
    await this.store.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
