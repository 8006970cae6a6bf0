import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventQuery, LakeBatch, SelfhealError, TelemetryEvent } from '@selfheal/contracts';
import { openStore, type Store } from '@selfheal/store';
import { onTestFinished } from 'vitest';
import { type OpenLake, openLake } from '../../src/lake/index.ts';

/** When the clock of a temporary lake stands at first. */
export const START = Date.UTC(2026, 10, 20, 12);

export interface TemporaryLake {
  readonly folder: string;
  /** Of the lake within `folder`; its name asks for quoting. */
  readonly dir: string;
  readonly store: Store;
  readonly lake: OpenLake;
  readonly quarantined: SelfhealError[];
  readonly clock: { now: number };
  /** Writes a batch and commits it. */
  ingest(batchId: string, events: readonly TelemetryEvent[], projectId?: string): Promise<LakeBatch>;
  /** Ids of the events of project `p`. */
  ids(query?: Partial<EventQuery>): Promise<string[]>;
  parquetFiles(): string[];
}

/** A lake with its store in a folder of its own; gone when the test has ended. */
export async function makeTemporaryLake(): Promise<TemporaryLake> {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-lake-'));
  const dir = join(folder, "lake [1] o'clock");
  const store = await openStore({ dataDir: join(folder, 'data') });
  const clock = { now: START };
  const quarantined: SelfhealError[] = [];
  const lake = await openLake({ dir, records: store.records, now: () => clock.now, onQuarantine: (error) => quarantined.push(error) });
  onTestFinished(async () => {
    lake.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    dir,
    store,
    lake,
    quarantined,
    clock,
    async ingest(batchId, events, projectId = 'p') {
      const batch = await lake.write(projectId, batchId, events);
      await store.records.put('batch', batch);
      return batch;
    },
    ids: async (query = {}) => (await lake.events({ projectId: 'p', ...query })).map((each) => each.id),
    parquetFiles: () => readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')),
  };
}
