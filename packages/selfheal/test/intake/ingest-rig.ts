import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LakeBatch, type Ports, type Records, selfhealConfig, type TelemetryEvent } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { openStore, type Store } from '@selfheal/store';
import { type DeliveredLine, type Disk, openLogSources, sealLine } from '@selfheal/telemetry';
import { Intake } from '../../src/intake/intake.ts';
import { intakeFolder } from '../../src/intake/intake-folder.ts';

/** What no power cut may undo: records and batches, which have durability of their own, tested where they are. */
export interface Kept {
  readonly store: string;
  readonly batches: ReadonlyMap<string, readonly TelemetryEvent[]>;
}

/** Intake and telemetry.parse on one folder, with a disk of the test's and the lake in memory. */
export class IngestRig implements AsyncDisposable {
  readonly dataDir: string;
  readonly intake: Intake;
  readonly store: Store;
  readonly batches: Map<string, readonly TelemetryEvent[]>;
  readonly #disk: Disk;
  readonly #committed: () => void;

  private constructor(parts: { dataDir: string; store: Store; disk: Disk; kept: Kept | undefined; committed: () => void }) {
    this.dataDir = parts.dataDir;
    this.store = parts.store;
    this.#disk = parts.disk;
    this.#committed = parts.committed;
    this.batches = new Map(parts.kept?.batches);
    const owner = { projectId: 'p', projectRoot: this.dataDir, records: this.store.records };
    this.intake = new Intake({ ...owner, dataDir: this.dataDir, maxBacklogBytes: 1e9, segmentBytes: 300, disk: this.#disk });
  }

  /** `committed` is called right behind each transaction. */
  static async open(
    disk: Disk,
    committed: () => void = () => undefined,
    left?: { kept: Kept; files: ReadonlyMap<string, Buffer>; from: string },
  ) {
    const dataDir = mkdtempSync(join(tmpdir(), 'selfheal-cut-'));
    if (left !== undefined) {
      cpSync(left.kept.store, dataDir, { recursive: true });
      for (const [path, bytes] of left.files) {
        const own = join(dataDir, path.slice(left.from.length));
        mkdirSync(dirname(own), { recursive: true });
        writeFileSync(own, bytes);
      }
    }
    const store = await openStore({ dataDir });
    return new IngestRig({ dataDir, store, disk, kept: left?.kept, committed });
  }

  /** Reads what waits and stores it, in small stretches, as telemetry.parse does. */
  async read(): Promise<void> {
    while ((await this.#readOnce()) > 0);
  }

  async texts(): Promise<string[]> {
    const stored = await this.store.records.list('batch');
    return stored.flatMap(({ id }) => this.batches.get(id) ?? []).map(({ text }) => text);
  }

  /** A copy of what is durable by itself, as it is now. */
  keep(): Kept {
    const folder = mkdtempSync(join(tmpdir(), 'selfheal-kept-'));
    for (const name of ['selfheal.db', 'selfheal.db-wal', 'journal/redaction.key'])
      cpSync(join(this.dataDir, name), join(folder, name), { recursive: true, force: true });
    return { store: folder, batches: new Map(this.batches) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.intake.close();
    await this.store.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #readOnce(): Promise<number> {
    const config = selfhealConfig.parse({});
    const segments = intakeFolder(this.dataDir, this.#disk);
    const records = notifying(this.store.records, this.#committed);
    const sources = openLogSources({
      journalDir: join(this.dataDir, 'journal'),
      records,
      projectRoot: this.dataDir,
      config,
      segments,
      disk: this.#disk,
    });
    const lake = {
      write: async (projectId: string, id: string, events: readonly TelemetryEvent[]): Promise<LakeBatch> => {
        this.batches.set(id, events);
        return { id, projectId, file: id, sha256: '', events: events.length, bytes: 1, from: 0, to: 0, createdAt: 0 };
      },
    };
    const signal = new AbortController().signal;
    const beat = { workflowId: 'w', sequence: 'telemetry.parse', beat: 'b', attempt: 1, key: 'k', signal, heartbeat: () => undefined };
    // The handlers of this sequence use no other port.
    const ports = { beat, records, lake, sources, clock: { now: () => Date.now() } } as unknown as Ports;
    const handlers = await loadHandlers['telemetry.parse']();
    const request = { projectId: 'p', paths: [segments.path], maxBytes: 400 };
    const { segments: pulled, rejected, more } = await handlers.loadLogFiles(request, ports);
    const { events: raw, miner } = await handlers.extractTelemetryEvents({ projectId: 'p', segments: pulled }, ports);
    const { events, miner: next } = handlers.normalizeTelemetryData({ events: raw, miner });
    const { slices } = handlers.aggregateTelemetryMetrics({ events });
    await handlers.storeTelemetryDatabase({ projectId: 'p', segments: pulled, rejected, events, miner: next, slices }, ports);
    return events.length + (more ? 1 : 0);
  }
}

/** A delivery of lines with these texts, as an OTLP sender's request becomes one. */
export function delivery(name: string, count: number): { texts: string[]; lines: DeliveredLine[] } {
  const texts = Array.from({ length: count }, (_, index) => `${name} ${index}`);
  const lines = texts.map((text, index) => {
    const key = `${name}.${index}`;
    return { key, bytes: Buffer.from(sealLine({ key, text: JSON.stringify({ time: 1_790_000_000_000 + index, msg: text }) })) };
  });
  return { texts, lines };
}

function notifying(records: Records, committed: () => void): Records {
  return new Proxy(records, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'transaction') return value.bind(target);
      return async (work: (inner: Records) => Promise<unknown>) => {
        const result = await records.transaction(work);
        committed();
        return result;
      };
    },
  });
}
