import { join } from 'node:path';
import { type Ports, type Records, type RejectedInput, selfhealConfig, type TelemetryEvent } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { openStore } from '@selfheal/store';
import { openLake, openLogSources } from '@selfheal/telemetry';
import { intakeFolder } from '../../src/intake/intake-folder.ts';

export interface Reader {
  readonly records: Records;
  /** Reads and stores what is new in the intake, or in the logs named, as telemetry.parse does; at most 64 KB of it. */
  read(paths?: readonly string[]): Promise<number>;
  /** Reads until nothing is left. */
  readAll(): Promise<void>;
  /** What was left out, as it is recorded. */
  rejected(): Promise<RejectedInput[]>;
  events(): Promise<TelemetryEvent[]>;
  /** Texts of all stored events, in the order of their lines. */
  texts(): Promise<string[]>;
  close(): Promise<void>;
}

const MAX_BYTES = 65_536;

/** The reading side of a project `p` in the folder, on its real store and lake. */
export async function openReader(dataDir: string): Promise<Reader> {
  const store = await openStore({ dataDir });
  const { records } = store;
  const lake = await openLake({ dir: join(dataDir, 'lake'), records });
  const config = selfhealConfig.parse({});
  const segments = intakeFolder(dataDir);
  const sources = openLogSources({ journalDir: join(dataDir, 'journal'), records, projectRoot: dataDir, config, segments });
  const signal = new AbortController().signal;
  const beat = { workflowId: 'w', sequence: 'telemetry.parse', beat: 'b', attempt: 1, key: 'k', signal, heartbeat: () => undefined };
  // The handlers of this sequence use no other port.
  const ports = { beat, records, lake, sources, clock: { now: () => Date.now() } } as unknown as Ports;
  const handlers = await loadHandlers['telemetry.parse']();
  const read = async (paths: readonly string[] = [segments.path]): Promise<number> => {
    const {
      segments: pulled,
      rejected,
      more,
    } = await handlers.loadLogFiles({ projectId: 'p', paths: [...paths], maxBytes: MAX_BYTES }, ports);
    const { events: raw, miner } = await handlers.extractTelemetryEvents({ projectId: 'p', segments: pulled }, ports);
    const { events, miner: next } = handlers.normalizeTelemetryData({ events: raw, miner });
    const { slices } = handlers.aggregateTelemetryMetrics({ events });
    await handlers.storeTelemetryDatabase({ projectId: 'p', segments: pulled, rejected, events, miner: next, slices }, ports);
    return events.length + (more ? 1 : 0);
  };
  const events = () => lake.events({ projectId: 'p' });
  return {
    records,
    read,
    events,
    async readAll() {
      while ((await read()) > 0);
    },
    rejected: async () => (await records.list('quarantined')).map((entry) => entry.rejected),
    texts: async () => (await events()).map(({ text }) => text),
    async close() {
      lake.close();
      await store.close();
    },
  };
}
