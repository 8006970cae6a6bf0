import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../test/lake/sample-events.ts';
import { makeTemporaryLake, START, type TemporaryLake } from '../../test/lake/temporary-lake.ts';

const DAY = 86_400_000;

let own: TemporaryLake;
beforeEach(async () => {
  own = await makeTemporaryLake();
});

describe('retention', () => {
  beforeEach(async () => {
    for (const age of [10, 5, 1, 0]) {
      own.clock.now = START - age * DAY;
      await own.ingest(`age${age}`, [event(`s:${age}`, { time: own.clock.now })]);
    }
    await own.ingest('other', [event('s:1', { time: START - 10 * DAY })], 'other');
  });
  const catalogue = async (): Promise<string[]> =>
    (await own.store.records.list('batch', { where: { projectId: 'p' }, orderBy: { field: 'from' } })).map((batch) => batch.id);

  it('removes batches by age: rows, files and empty days', async () => {
    const bytes = (await own.store.records.need('batch', 'age10')).bytes;
    expect(await own.lake.retain('p', { maxAgeMs: 7 * DAY, maxBytes: 1e9 })).toEqual({ batches: 1, bytes });
    expect(await catalogue()).toEqual(['age5', 'age1', 'age0']);
    expect(readdirSync(join(own.dir, 'p')).sort()).toEqual(['2026-11-15', '2026-11-19', '2026-11-20']);
    expect(await own.ids()).toEqual(['s:5', 's:1', 's:0']);
    expect(await own.store.records.count('batch', { where: { projectId: 'other' } })).toBe(1);
  });

  it('keeps old events that were stored of late', async () => {
    await own.ingest('old-log', [event('s:old', { time: START - 300 * DAY })]);
    await own.lake.retain('p', { maxAgeMs: 7 * DAY, maxBytes: 1e9 });
    expect(await catalogue()).toEqual(['old-log', 'age5', 'age1', 'age0']);
  });

  it('removes the oldest beyond a size', async () => {
    const sizes = (await own.store.records.list('batch', { where: { projectId: 'p' }, orderBy: { field: 'from' } })).map(
      (batch) => batch.bytes,
    );
    const newestTwo = (sizes[2] ?? 0) + (sizes[3] ?? 0);
    expect(await own.lake.retain('p', { maxAgeMs: 100 * DAY, maxBytes: newestTwo })).toMatchObject({ batches: 2 });
    expect(await catalogue()).toEqual(['age1', 'age0']);
    expect(await own.lake.retain('p', { maxAgeMs: 100 * DAY, maxBytes: 0 })).toMatchObject({ batches: 2 });
    expect(await own.lake.retain('unknown', { maxAgeMs: 0, maxBytes: 0 })).toEqual({ batches: 0, bytes: 0 });
  });

  it('removes files that no row names once they are old, and none that a writer may still commit', async () => {
    const old = (START - 2 * DAY) / 1000;
    const day = join(own.dir, 'p/2026-11-10');
    for (const [name, time] of [
      ['orphan.parquet', old],
      ['half.parquet.1-2.tmp', old],
      ['set-aside.parquet.corrupt', old],
      ['fresh.parquet', START / 1000],
    ] as const) {
      mkdirSync(day, { recursive: true });
      writeFileSync(join(day, name), 'PAR1');
      utimesSync(join(day, name), time, time);
    }
    await own.lake.retain('p', { maxAgeMs: 30 * DAY, maxBytes: 1e9 });
    expect(readdirSync(day).sort()).toEqual(['age10.parquet', 'fresh.parquet', 'set-aside.parquet.corrupt']);
    expect(await own.ids()).toHaveLength(4);
  });

  it('may run while others read', async () => {
    const reads = Array.from({ length: 8 }, () => own.ids());
    const removal = own.lake.retain('p', { maxAgeMs: 7 * DAY, maxBytes: 1e9 });
    for (const read of await Promise.all(reads)) expect(['s:5,s:1,s:0', 's:10,s:5,s:1,s:0']).toContain(read.join());
    await removal;
    expect(own.quarantined).toEqual([]);
  });
});
