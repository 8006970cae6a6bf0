import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TelemetrySnapshot, telemetrySnapshot } from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { type Sweep, type WatchedRepository, watchRepository } from './testing/watched-repository.ts';

/** The nine beats together, with real ports. */
describe('a release with four kinds of faults', () => {
  let shop: WatchedRepository;
  let first: Sweep;
  beforeAll(async () => {
    shop = await watchRepository(buildShopRepo);
    await shop.ingest(log('shop-v1.4.0-v1.5.0.ndjson'));
    first = await shop.sweep();
  });
  afterAll(async () => await shop[Symbol.asyncDispose]());

  test('opens one incident for each cause, and nothing else', () => {
    expect(first.anomalies.map(({ type, place }) => [type, place.function ?? place.handler])).toEqual([
      ['error', 'shippingLabel'],
      ['behavioral', 'reserveStock'],
      ['performance', 'quoteBasket'],
      ['coverage', 'computeLoyaltyPoints'],
      ['coverage', 'rewardFor'],
    ]);
    expect(first.stored.incidents.map(({ isNew, status }) => [isNew, status])).toEqual(Array.from({ length: 5 }, () => [true, 'open']));
    expect(first.completed).toMatchObject({ healthy: false, findings: [] });
  });

  test('gives the snapshot that the tests of the pure handlers use; RECORD_FIXTURES=1 records it anew', async () => {
    await expectRecorded('snapshot.shop-v1.4.0-v1.5.0.json', first.snapshot);
  });

  test('gives evidence and confidence for each', () => {
    for (const { confidence, evidence, description } of first.anomalies) {
      expect(confidence).toBeGreaterThan(0.85);
      expect(evidence.length).toBeGreaterThan(0);
      expect(description).toMatch(/\d/);
    }
    expect(first.anomalies[0]?.evidence[0]).toMatchObject({
      source: expect.stringContaining('shop-v1.4.0-v1.5.0.ndjson'),
      text: expect.any(String),
    });
  });

  test('opens nothing twice when swept again', async () => {
    const again = await shop.sweep(first.snapshot.now + 30_000);
    expect(again.stored.incidents.map(({ id, isNew }) => [id, isNew])).toEqual(first.stored.incidents.map(({ id }) => [id, false]));
    const incidents = await shop.ports.records.list('incident');
    expect(incidents.map(({ occurrences }) => occurrences)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('a healthy release', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'healthy-logs-'));
  });
  afterAll(async () => await rm(dir, { recursive: true, force: true }));

  test('gives no incident, and teaches what is normal', async () => {
    await using shop = await watchRepository(goodShop);
    await shop.ingest(log('shop-healthy.ndjson'));
    const { completed, stored, snapshot } = await shop.sweep();
    await expectRecorded('snapshot.shop-v1.4.0.json', snapshot);
    expect(completed).toMatchObject({ healthy: true, incidents: [], summary: 'no incident' });
    expect(stored.learned).toBeGreaterThan(5);
  });

  test('gives none where the log is cut at both ends, repeats, and is interleaved with noise', async () => {
    const lines = (await readFile(log('shop-healthy.ndjson'), 'utf8')).trim().split('\n');
    const noisy = lines.slice(40, -35).flatMap((text, nth) => {
      const { time, release } = JSON.parse(text) as { time: number; release: string };
      const base = { time, pid: 13098, service: 'shop', release };
      if (nth % 50 === 7) return [text, JSON.stringify({ ...base, level: 40, msg: 'cache miss for sku' })];
      if (nth % 90 === 11)
        return [
          text,
          JSON.stringify({
            ...base,
            level: 50,
            msg: 'client closed connection',
            err: {
              type: 'Error',
              message: 'read ECONNRESET',
              stack: 'Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20)',
            },
          }),
        ];
      return [text];
    });
    const path = join(dir, 'noisy.ndjson');
    await writeFile(path, `${noisy.join('\n')}\n`);
    await using shop = await watchRepository(goodShop);
    await shop.ingest(path);
    expect((await shop.sweep()).completed.summary).toBe('no incident');
  });

  test('reopens nothing of the release before once it is out', async () => {
    const path = join(dir, 'growing.ndjson');
    await copyFile(log('shop-v1.4.0-v1.5.0.ndjson'), path);
    await using shop = await watchRepository(buildShopRepo);
    await shop.ingest(path);
    const faulty = await shop.sweep();
    for (const { id } of faulty.stored.incidents)
      await shop.ports.records.update('incident', id, (incident) => ({ ...incident, status: 'healed' }));
    await appendFile(path, await mendedTraffic(11_000));
    await shop.ingest(path);
    const mended = await shop.sweep();
    expect(mended.anomalies.filter(({ type }) => type !== 'coverage')).toEqual([]);
    expect(mended.stored.incidents.every(({ status }) => status === 'healed')).toBe(true);
    expect(mended.completed.healthy).toBe(true);
  });
});

/** Compares what does not depend on the run: ids, paths and timings of the coverage run differ. */
async function expectRecorded(name: string, snapshot: TelemetrySnapshot): Promise<void> {
  const file = fileURLToPath(new URL(`../../fixtures/anomaly.detect/${name}`, import.meta.url));
  if (process.env.RECORD_FIXTURES === '1') await writeFile(file, `${JSON.stringify(snapshot)}\n`);
  const recorded = telemetrySnapshot.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(outlineOf(snapshot)).toEqual(outlineOf(recorded));
}

function outlineOf({ releases, slices, flows, codeOperations, coverage }: TelemetrySnapshot): unknown {
  return {
    releases,
    calls: slices.map(({ release, operations }) => [release, operations.map(({ operation, count, sumMs }) => [operation, count, sumMs])]),
    flows: flows.map(({ flow, release, variants }) => [
      flow,
      release,
      variants.map(({ key, count, failed, stuck }) => [key, count, failed, stuck]),
    ]),
    codeOperations,
    covered: coverage?.files.map(({ path, functions }) => [path, functions.length]),
  };
}

function goodShop(root: string): Promise<unknown> {
  return buildShopRepo(root, { release: 'good' });
}

/** The healthy traffic again, as that of a third release after the faulty one. */
async function mendedTraffic(laterMs: number): Promise<string> {
  const lines = (await readFile(log('shop-healthy.ndjson'), 'utf8')).trim().split('\n');
  const later = lines.map((text) => {
    const record = JSON.parse(text) as Record<string, unknown> & { time: number };
    return JSON.stringify({ ...record, time: record.time + 2 * laterMs, pid: 13_300, release: 'c0ffee123456' });
  });
  return `${later.join('\n')}\n`;
}

function log(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/logs/${name}`, import.meta.url));
}
