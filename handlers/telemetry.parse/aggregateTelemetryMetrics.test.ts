import { readFileSync } from 'node:fs';
import { mergeSlices, quantiles } from '@selfheal/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aggregateTelemetryMetrics } from './aggregateTelemetryMetrics.ts';
import { ParseRig } from './testing/parse-rig.ts';

const log = readFileSync(new URL('../../fixtures/logs/shop-v1.4.0-v1.5.0.ndjson', import.meta.url), 'utf8');
const records = log
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('aggregateTelemetryMetrics', () => {
  it('counts the calls, errors and durations that the log holds', async () => {
    rig.write('shop.log', log);
    const { slices, totals } = (await rig.parse(['shop.log'])).aggregated;
    const completed = records.filter((record) => record.msg === 'request completed');
    expect(totals).toMatchObject({ events: records.length, releases: [...new Set(records.map((record) => record.release))] });
    const { operations, errors } = mergeSlices(slices);
    for (const stats of operations.filter((one) => one.kind === 'route')) {
      const own = completed.filter((record) => `${record.req.method} ${record.req.route}` === stats.operation);
      const durations = own.map((record) => record.responseTime).sort((a, b) => a - b);
      expect(stats).toMatchObject({
        count: own.length,
        errors: own.filter((record) => record.res.statusCode >= 500).length,
        timed: own.length,
      });
      const [median = 0] = quantiles(stats, [0.5]);
      expect(Math.abs(median / durations[Math.floor((durations.length - 1) / 2)] - 1)).toBeLessThan(0.021);
    }
    expect(operations.filter((one) => one.kind === 'route').reduce((sum, one) => sum + one.count, 0)).toBe(completed.length);
    expect(errors.reduce((sum, one) => sum + one.count, 0)).toBe(records.filter((record) => record.level >= 50).length);
    expect(errors[0]?.examples[0]?.request).toMatchObject({ method: 'POST', body: expect.anything(), status: 500 });
  });

  it('takes an empty batch', () => {
    expect(aggregateTelemetryMetrics({ events: [] })).toEqual({
      slices: [],
      totals: { events: 0, errors: 0, operations: 0, releases: [] },
    });
  });
});
