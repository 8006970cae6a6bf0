import { join } from 'node:path';
import { type Ports, type Records, selfhealConfig } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { openStore } from '@selfheal/store';
import { openLake, openLogSources } from '@selfheal/telemetry';

export interface Reader {
  readonly records: Records;
  /** Reads and stores what is new in the logs, as telemetry.parse does; at most 64 KB. */
  read(paths: readonly string[]): Promise<number>;
  /** Texts of all stored events, in the order of their lines. */
  texts(): Promise<string[]>;
  close(): Promise<void>;
}

/** The reading side of a project `p` in the folder, on its real store and lake. */
export async function openReader(dataDir: string): Promise<Reader> {
  const store = await openStore({ dataDir });
  const { records } = store;
  const lake = await openLake({ dir: join(dataDir, 'lake'), records });
  const config = selfhealConfig.parse({});
  const sources = openLogSources({ journalDir: join(dataDir, 'journal'), records, projectRoot: dataDir, config });
  const signal = new AbortController().signal;
  const beat = { workflowId: 'w', sequence: 'telemetry.parse', beat: 'b', attempt: 1, key: 'k', signal, heartbeat: () => undefined };
  // The handlers of this sequence use no other port.
  const ports = { beat, records, lake, sources, clock: { now: () => Date.now() } } as unknown as Ports;
  const handlers = await loadHandlers['telemetry.parse']();
  return {
    records,
    async read(paths) {
      const { segments, rejected } = await handlers.loadLogFiles({ projectId: 'p', paths: [...paths], maxBytes: 65_536 }, ports);
      const { events: raw, miner } = await handlers.extractTelemetryEvents({ projectId: 'p', segments }, ports);
      const { events, miner: next } = handlers.normalizeTelemetryData({ events: raw, miner });
      const { slices } = handlers.aggregateTelemetryMetrics({ events });
      await handlers.storeTelemetryDatabase({ projectId: 'p', segments, rejected, events, miner: next, slices }, ports);
      return events.length;
    },
    texts: async () => (await lake.events({ projectId: 'p' })).map(({ text }) => text),
    async close() {
      lake.close();
      await store.close();
    },
  };
}
