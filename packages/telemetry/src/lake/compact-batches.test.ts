import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Records, TelemetryEvent } from '@selfheal/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { ingestBatch } from '../../test/lake/ingest-batch.ts';
import { event } from '../../test/lake/sample-events.ts';
import { makeTemporaryLake, START, type TemporaryLake } from '../../test/lake/temporary-lake.ts';
import { quantiles } from '../aggregate/sketch.ts';
import { mergeSlices } from '../aggregate/slices.ts';
import { openLake } from './open-lake.ts';

const HOUR = 3_600_000;
const LIMITS = { olderThanMs: HOUR, spanMs: HOUR, maxBytes: 1e8 };

let own: TemporaryLake;
beforeEach(async () => {
  own = await makeTemporaryLake();
});

/** Batches of two calls each, `everyMs` apart. */
async function ingestMany(count: number, everyMs: number, from = START): Promise<TelemetryEvent[]> {
  const all: TelemetryEvent[] = [];
  for (let batch = 0; batch < count; batch++) {
    const time = from + batch * everyMs;
    const events = [0, 1].map((index) =>
      event(`s${from}:${batch * 2 + index}`, {
        time: time + index,
        line: batch * 2 + index,
        kind: 'request',
        operation: 'GET /a',
        operationKind: 'route',
        durationMs: batch + index,
        outcome: batch % 5 === 0 ? 'error' : 'ok',
        release: batch < count / 2 ? 'r1' : 'r2',
      }),
    );
    await ingestBatch(own.lake, own.store.records, `b${from}-${batch}`, events);
    all.push(...events);
  }
  return all;
}

const slices = async () => (await own.store.records.list('slice', { where: { projectId: 'p' } })).map(({ slice }) => slice);
/** What the slices say together; a sketch is compared by its quantiles, for its bytes depend on the order of merging. */
async function seen() {
  const { bucketMs: _width, ...merged } = mergeSlices(await slices());
  const operations = merged.operations.map(({ sketch: _bytes, ...stats }) => stats);
  const measured = merged.operations.map((stats) => quantiles(stats, [0, 0.1, 0.5, 0.9, 0.99, 1]));
  return { ...merged, operations, measured };
}

describe('compaction', () => {
  it('joins the batches of each stretch, with the same events and the same sums', async () => {
    const events = await ingestMany(40, 4 * 60_000);
    const sums = await seen();
    own.clock.now = START + 10 * HOUR;
    expect(await own.lake.compact('p', LIMITS)).toEqual({ batches: 40, into: 3, slices: 40, slicesInto: expect.any(Number) });
    expect(await own.store.records.count('batch')).toBe(3);
    expect(own.parquetFiles()).toHaveLength(3);
    expect(await own.lake.events({ projectId: 'p' })).toEqual(events);
    expect(await own.lake.events({ projectId: 'p', from: START + 30 * 60_000, to: START + 40 * 60_000 })).toHaveLength(4);
    expect(await seen()).toEqual(sums);
    expect(await own.lake.compact('p', LIMITS)).toEqual({ batches: 0, into: 0, slices: 0, slicesInto: 0 });
  });

  it('makes few slices of many, and each stays within what a reader looks for', async () => {
    await ingestMany(60, 5_000);
    own.clock.now = START + 3 * HOUR;
    await own.lake.compact('p', LIMITS);
    const stored = await own.store.records.list('slice', { where: { projectId: 'p' } });
    expect(stored.length).toBeLessThanOrEqual(32);
    const [batch] = await own.store.records.list('batch');
    if (batch === undefined) throw new Error('no batch');
    expect(new Set(stored.map(({ batchId }) => batchId))).toEqual(new Set([batch.id]));
    const reach = Math.max(10_000, ((batch.to - batch.from) * 10) / 64);
    for (const { slice, bucketStart } of stored) {
      expect(bucketStart).toBe(slice.bucketStart);
      expect(slice.bucketStart % slice.bucketMs).toBe(0);
      expect(slice.bucketStart).toBeGreaterThanOrEqual(batch.from - reach);
      expect(slice.to).toBeLessThan(slice.bucketStart + slice.bucketMs);
    }
  });

  it('leaves what is young, what is large and what is alone', async () => {
    await ingestMany(3, 1_000);
    own.clock.now = START + HOUR / 2;
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 0 });
    own.clock.now = START + 3 * HOUR;
    const [first] = await own.store.records.list('batch');
    expect(await own.lake.compact('p', { ...LIMITS, maxBytes: first?.bytes ?? 0 })).toMatchObject({ batches: 0 });
    expect(await own.lake.compact('p', { ...LIMITS, maxBytes: Math.round((first?.bytes ?? 0) * 2.5) })).toMatchObject({
      batches: 2,
      into: 1,
    });
    expect(await own.lake.compact('other', LIMITS)).toMatchObject({ batches: 0 });
    own.clock.now += 2 * HOUR;
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 2, into: 1 });
    expect(await own.lake.events({ projectId: 'p' })).toHaveLength(6);
  });

  it('takes batches in that come late', async () => {
    const early = await ingestMany(4, 1_000);
    own.clock.now = START + 3 * HOUR;
    await own.lake.compact('p', LIMITS);
    const late = await ingestMany(1, 1_000, START + 5 * 60_000);
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 0 });
    own.clock.now += 2 * HOUR;
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 2, into: 1 });
    expect(await own.lake.events({ projectId: 'p' })).toEqual([...early, ...late]);
  });

  it('sets a damaged file aside and joins the others next time', async () => {
    await ingestMany(4, 1_000);
    const [broken] = await own.store.records.list('batch', { orderBy: { field: 'from' } });
    truncateSync(join(own.dir, broken?.file ?? ''), 100);
    own.clock.now = START + 3 * HOUR;
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 0 });
    expect(await own.store.records.count('quarantined')).toBe(1);
    expect(await own.lake.compact('p', LIMITS)).toMatchObject({ batches: 3, into: 1 });
    expect(await own.lake.events({ projectId: 'p' })).toHaveLength(6);
  });

  it('joins once where two do it at the same time, and readers see every event once meanwhile', async () => {
    const events = await ingestMany(30, 1_000);
    own.clock.now = START + 3 * HOUR;
    const other = await openLake({ dir: own.dir, records: own.store.records, now: () => own.clock.now });
    const reads = Array.from({ length: 6 }, () => own.lake.events({ projectId: 'p' }));
    const joined = await Promise.all([own.lake.compact('p', LIMITS), other.compact('p', LIMITS)]);
    other.close();
    expect(joined.reduce((sum, { into }) => sum + into, 0)).toBe(1);
    for (const read of [...(await Promise.all(reads)), await own.lake.events({ projectId: 'p' })]) expect(read).toEqual(events);
    expect(await own.store.records.count('quarantined')).toBe(0);
  });

  it('hides no event from a reader that looked into the catalogue just before', async () => {
    const events = await ingestMany(6, 1_000);
    own.clock.now = START + 3 * HOUR;
    let looks = 0;
    const list: Records['list'] = async (...query) => {
      const found = await own.store.records.list(...query);
      if (looks++ === 0) await own.lake.compact('p', LIMITS);
      return found;
    };
    const records = new Proxy(own.store.records, {
      get(target, name) {
        const member: unknown = name === 'list' ? list : Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const reader = await openLake({ dir: own.dir, records, now: () => own.clock.now });
    expect(await reader.events({ projectId: 'p' })).toEqual(events);
    reader.close();
    expect(looks).toBe(2);
  });

  it('stops between two stretches when it is told to', async () => {
    await ingestMany(6, HOUR / 2);
    own.clock.now = START + 10 * HOUR;
    const stop = new AbortController();
    const run = own.lake.compact('p', LIMITS, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toThrow(/abort/);
    expect(await own.store.records.count('batch')).toBe(5);
  });
});

describe('retention of slices', () => {
  it('removes the slices of the batches that go, and old ones that lost their batch', async () => {
    await ingestMany(3, HOUR);
    const [first] = await own.store.records.list('batch', { orderBy: { field: 'from' } });
    await own.store.records.remove('batch', [first?.id ?? '']);
    own.clock.now = START + 3 * HOUR;
    expect(await own.lake.retain('p', { maxAgeMs: 1.5 * HOUR, maxBytes: 1e9 })).toMatchObject({ batches: 1 });
    expect(await own.store.records.count('slice')).toBe(1);
    expect(await own.lake.retain('p', { maxAgeMs: 100 * HOUR, maxBytes: 0 })).toMatchObject({ batches: 1 });
    expect(await own.store.records.count('slice')).toBe(0);
  });
});
