import { fileURLToPath } from 'node:url';
import { type Codebase, type Ports, SelfhealError } from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { loadTelemetryData } from './loadTelemetryData.ts';
import { type Sweep, type WatchedRepository, watchRepository } from './testing/watched-repository.ts';

const DAY = 86_400_000;

describe('the shop with a faulty release', () => {
  let shop: WatchedRepository;
  let swept: Sweep;
  beforeAll(async () => {
    shop = await watchRepository(buildShopRepo, { budgets: { quoteBasket: 400 }, policy: { coverage: 'heal' } });
    await shop.ingest(log('shop-v1.4.0-v1.5.0.ndjson'));
    swept = await shop.sweep();
  });
  afterAll(async () => await shop[Symbol.asyncDispose]());

  test('keeps releases and time apart, and dates the releases by commits', () => {
    const { slices, releases } = swept.snapshot;
    expect(new Set(slices.map(({ release }) => release)).size).toBe(2);
    expect(slices.length).toBeGreaterThanOrEqual(4);
    expect(slices.reduce((sum, { events }) => sum + events, 0)).toBe(1391);
    expect(releases.map(({ name, events }) => [name.length, events])).toEqual([
      [12, 652],
      [12, 739],
    ]);
    expect(releases[1]?.brought).toHaveLength(6);
  });

  test('folds the flows, with refused runs told apart', () => {
    const checkout = swept.snapshot.flows.filter(({ flow }) => flow === 'checkout');
    expect(checkout.map(({ count }) => count)).toEqual([47, 51]);
    expect(checkout.map(({ variants }) => variants.map(({ steps, count, failed }) => [steps.length, count, failed]))).toEqual([
      [
        [7, 45, 0],
        [3, 2, 2],
      ],
      [
        [7, 48, 0],
        [3, 3, 3],
      ],
    ]);
  });

  test('knows what runs inside what, what is declared, which code serves and what its tests leave out', () => {
    const { nesting, declaredFlows, codeOperations, coverage } = swept.snapshot;
    expect(nesting).toContainEqual(expect.objectContaining({ outer: 'POST /basket/quote', inner: 'quoteBasket' }));
    expect(declaredFlows.map(({ id, steps }) => [id, steps.length])).toEqual([['checkout', 7]]);
    expect(codeOperations).toContainEqual(expect.objectContaining({ operation: 'quoteBasket', file: 'src/basket/quote-basket.ts' }));
    expect(coverage?.files.map(({ path }) => path)).toContain('src/loyalty/points.ts');
  });

  test('takes budgets and policy from the configuration', () => {
    expect(swept.snapshot.budgets).toEqual({ quoteBasket: 400 });
    expect(swept.snapshot.policy).toEqual({ coverage: 'heal' });
  });

  test('reads what an earlier window taught', async () => {
    const again = await load(shop.ports, swept.snapshot.window);
    expect(swept.snapshot.baselines).toEqual([]);
    expect(again.baselines.map(({ operation }) => operation)).toContain('POST /checkout');
  });

  test('has the course of an operation by the minute, however coarse its slices become', async () => {
    const from = swept.snapshot.window.from - 10 * DAY;
    const [sample] = swept.snapshot.slices;
    const operations = sample?.operations.slice(0, 1) ?? [];
    for (let nth = 0; nth < 300; nth++) {
      const bucketStart = from + nth * 30_000;
      const slice = {
        release: '',
        bucketStart,
        bucketMs: 30_000,
        from: bucketStart,
        to: bucketStart + 29_999,
        events: 1,
        operations,
        errors: [],
        templates: [],
      };
      await shop.ports.records.put('slice', { id: `s${nth}`, projectId: 'shop', batchId: 'b', release: '', bucketStart, slice });
    }
    const to = from + 300 * 30_000;
    const { slices, operationSeries = [] } = await load(shop.ports, { from, to });
    expect(slices.length).toBeLessThanOrEqual(48);
    expect(operationSeries.map(({ operation }) => operation)).toEqual(operations.map(({ operation }) => operation));
    expect(operationSeries[0]?.bucketMs).toBe(60_000);
    expect(operationSeries[0]?.rows.length).toBeGreaterThanOrEqual(145);
    expect(operationSeries[0]?.rows.every(({ calls }) => calls === 2 * (operations[0]?.count ?? 0))).toBe(true);
  });

  test('sees nothing of other times', async () => {
    const { from } = swept.snapshot.window;
    const before = await load(shop.ports, { from: from - 2000, to: from - 1000 });
    expect(before).toMatchObject({
      slices: [],
      flows: [],
      releases: [],
      notes: ['no function of the code base was recognised in the telemetry'],
    });
  });

  test('goes on without coverage where the tests cannot run, and says so', async () => {
    const without = (coverage: Codebase['coverage']): Ports => ({ ...shop.ports, codebase: { ...shop.ports.codebase, coverage } });
    const unknown = await load(
      without(async () => undefined),
      swept.snapshot.window,
    );
    expect(unknown).not.toHaveProperty('coverage');
    expect(unknown.notes).toEqual(['what the tests cover could not be measured, so gaps in coverage are unknown']);
    const missing = await load(
      without(async () => {
        throw new SelfhealError('SANDBOX_MISSING', 'bwrap');
      }),
      swept.snapshot.window,
    );
    expect(missing.notes?.[0]).toContain('No sandbox tool was found');
    const broken = without(async () => {
      throw new TypeError('defect');
    });
    await expect(load(broken, swept.snapshot.window)).rejects.toThrow('defect');
  });
});

async function load(ports: Ports, window: { from: number; to: number }) {
  return (await loadTelemetryData({ projectId: 'shop', now: window.to, window }, ports)).snapshot;
}

function log(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/logs/${name}`, import.meta.url));
}
