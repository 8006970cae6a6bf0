import type { ObjectiveSeries, SelfhealConfig } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../testing/errors.ts';
import { latency, randomFrom } from '../testing/random.ts';
import { type Call, line, START, snapshotOf } from '../testing/snapshot.ts';
import { detectBudgetBurn } from './detect-budget-burn.ts';
import { burnRates, errorBudget } from './error-budget.ts';
import { joinSeries } from './join-series.ts';
import { objectiveSeriesOf, operationMatcher } from './objective-series.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PERIOD = 30 * DAY;

type Slo = SelfhealConfig['slos'][number];
const AVAILABLE: Slo = { operation: 'POST /orders*', availability: 0.999, share: 0.99, periodMs: PERIOD };

/** A series with a bucket every five minutes for `days`, `bad` of `total` calls in each. */
function series(days: number, total: number, bad: (minutesBeforeEnd: number) => number, target = 0.999): ObjectiveSeries {
  const buckets = Array.from({ length: days * 288 }, (_, nth) => {
    const before = (days * 288 - nth) * 5;
    const from = START - before * MINUTE;
    return { from, to: from + 5 * MINUTE, total, bad: bad(before) };
  });
  return {
    name: 'orders',
    operation: 'POST /orders*',
    kind: 'availability',
    target,
    periodMs: PERIOD,
    buckets,
    evidence: [line(START, 'failed')],
  };
}

describe('burn rates', () => {
  test('have the windows and limits of the SRE workbook for 30 days', () => {
    expect(
      burnRates(
        series(1, 100, () => 0),
        START,
      ).map(({ longMs, shortMs, limit, urgency }) => [longMs / HOUR, shortMs / MINUTE, limit, urgency]),
    ).toEqual([
      [1, 5, 14.4, 'page'],
      [6, 30, 6, 'page'],
      [72, 360, 1, 'ticket'],
    ]);
  });

  test('are the failure rate in units of what the budget allows', () => {
    const [hour, quarter] = burnRates(
      series(3, 1_000, (before) => (before <= 60 ? 20 : 0)),
      START,
    );
    expect(hour).toMatchObject({ isBreach: true });
    expect(hour?.long).toBeCloseTo(20);
    expect(hour?.short).toBeCloseTo(20);
    expect(quarter?.long).toBeCloseTo(20 / 6);
    expect(quarter?.isBreach).toBe(false);
  });

  test('of a fault that is over are no breach: the short window knows', () => {
    const [hour] = burnRates(
      series(3, 1_000, (before) => (before <= 60 && before > 10 ? 30 : 0)),
      START,
    );
    expect(hour?.long).toBeGreaterThan(14.4);
    expect(hour).toMatchObject({ short: 0, isBreach: false });
  });

  test('of two failures of a quiet service are no breach', () => {
    expect(
      burnRates(
        series(3, 1, (before) => (before <= 10 ? 1 : 0)),
        START,
      ).some(({ isBreach }) => isBreach),
    ).toBe(false);
  });
});

describe('error budgets', () => {
  test('say what was attained and what is spent', () => {
    expect(errorBudget(series(1, 1_000, (before) => (before === 5 ? 144 : 0)))).toMatchObject({
      total: 288_000,
      bad: 144,
      spent: expect.closeTo(0.5),
      attained: 0.9995,
    });
    expect(errorBudget(series(0, 0, () => 0))).toEqual({ total: 0, bad: 0, attained: 1, spent: 0, from: undefined, to: undefined });
  });
});

describe('the detector', () => {
  const detect = (one: ObjectiveSeries, thresholds = {}) =>
    detectBudgetBurn.detect(snapshotOf([], { objectives: [one], window: { from: START - DAY, to: START }, thresholds }));

  test('tells a fast burn as a finding that pages, with figures, picture and lines', () => {
    const [anomaly] = detect(series(3, 1_000, (before) => (before <= 60 ? 20 : 0)));
    expect(anomaly).toMatchObject({
      type: 'error',
      finding: true,
      severity: 'high',
      title: 'orders: the error budget burns 20.0 times as fast as it may',
      details: { signal: 'objective', seen: expect.closeTo(20), parts: [{ name: 'last 60 min' }, { name: 'last 5 min' }] },
      evidence: [{ text: 'failed' }],
      plot: { expected: 1 },
    });
    expect(anomaly?.description).toContain('240 failed');
    expect(Math.max(...(anomaly?.plot?.after ?? []).map(([, rate]) => rate))).toBeCloseTo(20);
  });

  test('tells a slow burn as a ticket', () => {
    expect(detect(series(5, 1_000, () => 3))).toMatchObject([{ severity: 'medium', metrics: { limit: 1 } }]);
  });

  test('is silent without objectives, within the budget, and where a dismissal asks for more', () => {
    expect(detectBudgetBurn.detect(snapshotOf([]))).toEqual([]);
    expect(detect(series(5, 1_000, (before) => (before % 10 === 0 ? 1 : 0)))).toEqual([]);
    expect(
      detect(
        series(5, 1_000, () => 3),
        { 'budget-burn|POST /orders*': 4 },
      ),
    ).toEqual([]);
  });

  test('its budget: no alarm in 200 services that spend four fifths of theirs, at any traffic', () => {
    const alarms = Array.from({ length: 200 }, (_, seed) => {
      const random = randomFrom(seed);
      const total = [3, 30, 300][seed % 3] ?? 30;
      const noise = series(4, total, () => Array.from({ length: total }, random).filter((chance) => chance < 0.01 * 0.8).length, 0.99);
      return detect(noise).length;
    });
    expect(alarms.reduce((sum, count) => sum + count, 0)).toBe(0);
  }, 120_000);
});

describe('what is seen of an objective', () => {
  test('counts failed calls of the operations that its pattern names', () => {
    const calls: Call[] = Array.from({ length: 100 }, (_, nth) => ({
      operation: nth % 2 === 0 ? 'POST /orders/:id' : 'GET /health',
      at: START + nth * 1_000,
      failed: nth % 10 === 0,
    }));
    const { slices, window } = snapshotOf(calls, { errors: [{ release: '', error: errorOf({ operations: { 'POST /orders/:id': 9 } }) }] });
    const [one] = objectiveSeriesOf([AVAILABLE], slices, window.to);
    expect(one).toMatchObject({ name: 'POST /orders* available 99.9 %', kind: 'availability', target: 0.999 });
    expect(errorBudget(one ?? series(0, 0, () => 0))).toMatchObject({ total: 50, bad: 10 });
    expect(one?.evidence).toHaveLength(1);
  });

  test('counts calls that take longer than promised', () => {
    const random = randomFrom(3);
    const durations = Array.from({ length: 400 }, () => latency(random, 80));
    const { slices, window } = snapshotOf(durations.map((ms, nth) => ({ operation: 'search', at: START + nth * 1_000, ms })));
    const slo: Slo = { name: 'fast search', operation: 'search', latencyMs: 120, share: 0.9, periodMs: PERIOD };
    const [one] = objectiveSeriesOf([slo], slices, window.to);
    const over = durations.filter((ms) => ms > 120).length;
    expect(one).toMatchObject({ name: 'fast search', kind: 'latency', target: 0.9, thresholdMs: 120 });
    const { total, bad } = errorBudget(one ?? series(0, 0, () => 0));
    expect(total).toBe(400);
    expect(Math.abs(bad - over)).toBeLessThanOrEqual(8);
    expect(one?.evidence.length).toBeGreaterThan(0);
    const bare = slices.map((slice) => ({ ...slice, operations: slice.operations.map(({ sketch: _none, ...stats }) => stats) }));
    expect(errorBudget(objectiveSeriesOf([slo], bare, window.to)[0] ?? series(0, 0, () => 0)).bad).toBe(over);
  });

  test('leaves out what lies before its period', () => {
    const { slices, window } = snapshotOf([
      { operation: 'POST /orders', at: START - 31 * DAY },
      { operation: 'POST /orders', at: START },
    ]);
    expect(objectiveSeriesOf([AVAILABLE], slices, window.to)[0]?.buckets).toHaveLength(1);
  });

  test('of several reads is one, coarse where it is old', () => {
    const one = series(20, 10, () => 1);
    const joined = joinSeries([one, one], START);
    expect(errorBudget(joined ?? one)).toMatchObject({ total: 2 * 20 * 288 * 10, bad: 2 * 20 * 288 });
    expect(joined?.buckets.length).toBeLessThan(700);
    expect(joined?.buckets.filter(({ from }) => from >= START - 6 * HOUR)).toHaveLength(72);
    expect(joinSeries([], START)).toBeUndefined();
  });
});

test.each([
  ['POST /orders', 'POST /orders', true],
  ['POST /orders', 'POST /orders/1', false],
  ['POST /orders*', 'POST /orders/:id', true],
  ['*orders*', 'POST /orders/:id', true],
  ['*/a*b/*', 'x/a--b/c', true],
  ['*/a*b/*', 'x/b--a/c', false],
  ['ab*ba', 'aba', false],
  ['*', '', true],
])('%s names %s: %s', (pattern, name, expected) => {
  expect(operationMatcher(pattern)(name)).toBe(expected);
});
