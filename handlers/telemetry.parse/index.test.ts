import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { foldFlows, mergeSlices } from '@selfheal/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW, ParseRig } from './testing/parse-rig.ts';

const log = readFileSync(new URL('../../fixtures/logs/shop-healthy.ndjson', import.meta.url), 'utf8');
const count = log.trimEnd().split('\n').length;

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

const merged = async () => mergeSlices((await rig.store.records.list('slice')).map(({ slice }) => slice));

describe('telemetry.parse', () => {
  it('gives the same events, metrics and flows however the intake is cut', async () => {
    rig.write('shop.log', log);
    let runs = 0;
    for (let more = true; more; runs += 1) more = (await rig.run(['shop.log'], 20_000)).more;
    expect(runs).toBeGreaterThan(5);
    const pieces = { slice: await merged(), flows: foldFlows(await rig.lake.events({ projectId: 'p', steps: true }), { now: NOW }) };
    const other = await ParseRig.open();
    other.write('shop.log', log);
    await other.run(['shop.log']);
    const whole = mergeSlices((await other.store.records.list('slice')).map(({ slice }) => slice));
    const flows = foldFlows(await other.lake.events({ projectId: 'p', steps: true }), { now: NOW });
    await other[Symbol.asyncDispose]();
    expect(pieces.slice.events).toBe(count);
    const figures = (slice: typeof whole) =>
      slice.operations.map(({ operation, count: calls, errors, timed }) => [operation, calls, errors, timed]);
    expect(figures(pieces.slice)).toEqual(figures(whole));
    const orders = (all: typeof flows) =>
      all.map(({ flow, count: folded, variants }) => [flow, folded, variants.map(({ key, count: times }) => [key, times])]);
    expect(orders(pieces.flows)).toEqual(orders(flows));
  });

  it('stores the steps of each run of a flow with its release', async () => {
    const releases = readFileSync(new URL('../../fixtures/logs/shop-v1.4.0-v1.5.0.ndjson', import.meta.url), 'utf8');
    const records = releases.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    rig.write('shop.log', releases);
    await rig.run(['shop.log']);
    const flows = foldFlows(await rig.lake.events({ projectId: 'p', steps: true }), { now: NOW });
    const runs = new Set(
      records.filter((record) => record.sequence === 'checkout').map((record) => `${record.release} ${record.pid} ${record.reqId}`),
    );
    const checkout = flows.filter((flow) => flow.flow === 'checkout');
    expect(checkout.reduce((sum, flow) => sum + flow.count, 0)).toBe(runs.size);
    expect(checkout).toHaveLength(2);
    for (const { variants } of checkout) expect(variants[0]?.steps[0]).toBe('checkout.cart.validated');
  });

  it('finds nothing wrong in a healthy log', async () => {
    rig.write('logs/shop.log.gz', gzipSync(log));
    const { totals, rejected, formats } = await rig.run(['logs']);
    expect({ errors: totals.errors, rejected, formats }).toEqual({ errors: 0, rejected: [], formats: { pino: count } });
    expect((await merged()).operations.every((stats) => stats.errors === 0)).toBe(true);
  });
});
