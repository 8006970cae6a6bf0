import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@selfheal/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ingestBatch } from '../../test/lake/ingest-batch.ts';
import { sourceEvents } from '../../test/lake/numbered-source.ts';
import { openLake } from './open-lake.ts';

const BATCHES = 60;
const EVENTS = 5;
const SCRIPT = join(import.meta.dirname, '../../test/lake/compact-and-die.ts');

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-compact-kill-'));
  await inLake(async (lake, records) => {
    for (let batch = 0; batch < BATCHES; batch++)
      await ingestBatch(lake, records, `b${batch}`, sourceEvents(batch * EVENTS, (batch + 1) * EVENTS));
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a kill of compaction', () => {
  it.each(['file', 'inside', 'committed'])('at step %s leaves every event once, and the next run ends the work', async (step) => {
    const child = compact(step);
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
    await expectEveryEventOnce();
    await once(compact('never'), 'close');
    await expectEveryEventOnce();
    await inLake(async (lake, records) => {
      expect(await records.count('batch')).toBeLessThan(8);
      await lake.retain('p', { maxAgeMs: 1e15, maxBytes: 1e15 });
      const later = await openLake({ dir: join(folder, 'lake'), records, now: () => Date.now() + 2 * 86_400_000 });
      await later.retain('p', { maxAgeMs: 1e15, maxBytes: 1e15 });
      later.close();
      expect(parquetFiles()).toBe(await records.count('batch'));
    });
  });

  it('at any moment leaves every event once', async () => {
    for (let round = 0; round < 6; round++) {
      const child = compact('never');
      await once(child.stdout, 'data');
      await sleep(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'close');
      await expectEveryEventOnce();
    }
  });
});

function compact(step: string) {
  return spawn(process.execPath, [SCRIPT, folder, step], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function expectEveryEventOnce(): Promise<void> {
  await inLake(async (lake, records) => {
    const events = await lake.events({ projectId: 'p' });
    expect(events.map(({ text }) => text)).toEqual(Array.from({ length: BATCHES * EVENTS }, (_, number) => `event number ${number}`));
    const slices = await records.list('slice');
    expect(slices.reduce((sum, { slice }) => sum + slice.events, 0)).toBe(BATCHES * EVENTS);
    expect(await records.count('quarantined')).toBe(0);
  });
}

async function inLake(work: (lake: Awaited<ReturnType<typeof openLake>>, records: Parameters<typeof ingestBatch>[1]) => Promise<void>) {
  const store = await openStore({ dataDir: join(folder, 'data') });
  const lake = await openLake({ dir: join(folder, 'lake'), records: store.records });
  try {
    await work(lake, store.records);
  } finally {
    lake.close();
    await store.close();
  }
}

function parquetFiles(): number {
  return readdirSync(join(folder, 'lake'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')).length;
}
