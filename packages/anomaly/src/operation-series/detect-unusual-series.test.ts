import type { OperationSeries, TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { placeKey } from '../naming/place-key.ts';
import { normalFrom, randomFrom } from '../testing/random.ts';
import { START, snapshotOf } from '../testing/snapshot.ts';
import { detectUnusualSeries } from './detect-unusual-series.ts';

const MINUTE = 60_000;
const ROWS = 720;
const TWO_DAYS = 2880;
type Row = OperationSeries['rows'][number];

function series(operation: string, row: (minute: number) => Partial<Row>, rows = ROWS): OperationSeries {
  return {
    operation,
    bucketMs: MINUTE,
    rows: Array.from({ length: rows }, (_, minute) => ({
      start: START + minute * MINUTE,
      calls: 50,
      errors: 0,
      typicalMs: 20,
      ...row(minute),
    })),
  };
}

function found(all: readonly OperationSeries[], rest: Partial<TelemetrySnapshot> = {}) {
  return detectUnusualSeries.detect(snapshotOf([], { operationSeries: [...all], ...rest }));
}

/** Calls by Poisson's law, nearly. */
function calls(random: () => number, mean: number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalFrom(random)));
}

describe('a change that lasts', () => {
  const random = randomFrom(1);
  const usual = () => 20 * Math.exp(0.1 * normalFrom(random));

  test('of the duration is a finding with figures a person can check', () => {
    const [anomaly, ...others] = found([
      series('quote', (minute) => ({ typicalMs: usual() * (minute >= 680 ? 2 : 1) })),
      series('list', () => ({ typicalMs: usual() })),
    ]);
    expect(others).toEqual([]);
    expect(anomaly).toMatchObject({
      type: 'performance',
      detector: 'unusual-series',
      finding: true,
      severity: 'low',
      confidence: 0.5,
      place: { operation: 'quote' },
      details: { type: 'signal', signal: 'series', parts: [{ name: 'quote' }] },
    });
    expect(anomaly?.title).toMatch(/^quote: takes (19|20)\.\d ms → [34]\d\.\d ms since 2026-03-02T2\d:/);
    expect(Math.abs((anomaly?.metrics.since ?? 0) - (START + 680 * MINUTE))).toBeLessThanOrEqual(20 * MINUTE);
    expect(anomaly?.metrics.pValue).toBeLessThan(1e-4);
    expect(anomaly?.description).toContain('not what is wrong');
    expect(anomaly?.plot?.after.length).toBeGreaterThan(5);
  });

  test('of the share of errors, and of the rate both ways', () => {
    const since = TWO_DAYS - 30;
    const wave = (minute: number) => 1 + 0.4 * Math.sin((2 * Math.PI * minute) / 1440);
    const all = [
      series(
        'pay',
        (minute) => ({ calls: calls(random, 60), errors: minute >= since ? calls(random, 12) : minute % 40 === 0 ? 1 : 0 }),
        TWO_DAYS,
      ),
      series('browse', (minute) => ({ calls: calls(random, wave(minute) * (minute >= since ? 400 : 100)) }), TWO_DAYS),
      series('mail', (minute) => ({ calls: calls(random, wave(minute) * (minute >= since ? 12 : 90)) }), TWO_DAYS),
    ];
    expect(found(all).map(({ type, place, title }) => [type, place.operation, title.split(': ')[1]?.split(/ [\d.]/)[0]])).toEqual([
      ['error', 'pay', 'fails'],
      ['performance', 'browse', 'calls a minute'],
      ['performance', 'mail', 'calls a minute'],
    ]);
    const ofToday = all.map((one) => ({ ...one, rows: one.rows.slice(-ROWS) }));
    expect(found(ofToday).map(({ type, place }) => [type, place.operation])).toEqual([['error', 'pay']]);
  });

  test('of many operations at once is one finding', () => {
    const all = Array.from({ length: 8 }, (_, nth) => series(`op-${nth}`, (minute) => ({ typicalMs: usual() * (minute >= 690 ? 3 : 1) })));
    const changes = found(all);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.title).toMatch(/^op-\d and \d other operations: takes /);
  });

  test('is less readily told where a person dismissed it', () => {
    const slow = [series('quote', (minute) => ({ typicalMs: usual() * (minute >= 680 ? 2 : 1) }))];
    expect(found(slow)).toHaveLength(1);
    const thresholds = { [`unusual-series|${placeKey({ operation: 'quote' })}`]: 1.5 };
    expect(found(slow, { thresholds })).toEqual([]);
  });
});

describe('no finding', () => {
  const random = randomFrom(2);
  const usual = () => 20 * Math.exp(0.1 * normalFrom(random));

  test.each([
    ['a peak that is over', (minute: number) => ({ typicalMs: usual() * (minute >= 640 && minute < 670 ? 4 : 1) })],
    ['what was as high some hours before', (minute: number) => ({ typicalMs: usual() * (minute % 360 >= 330 ? 3 : 1) })],
    ['a change below 50 %', (minute: number) => ({ typicalMs: usual() * (minute >= 680 ? 1.3 : 1) })],
    ['milliseconds that nobody feels', (minute: number) => ({ typicalMs: (usual() / 20) * (minute >= 680 ? 3 : 1) })],
    ['an operation that falls silent', (minute: number) => (minute >= 680 ? { calls: 0, typicalMs: null } : { calls: calls(random, 90) })],
    ['a handful of calls', (minute: number) => ({ calls: minute % 2, errors: minute >= 700 ? 1 : 0, typicalMs: 20 })],
  ])('for %s', (_, row) => expect(found([series('op', row)])).toEqual([]));

  test('where there are too few rows to know what is usual', () => {
    expect(found([series('op', (minute) => ({ typicalMs: usual() * (minute >= 50 ? 3 : 1) }), 70)])).toEqual([]);
    expect(detectUnusualSeries.detect(snapshotOf([]))).toEqual([]);
  });

  test('in noise: 20 windows of ten operations, with a daily wave, heavy tails, and courses that wander', () => {
    const told = Array.from({ length: 20 }, (_, seed) => {
      const rows = seed % 8 === 0 ? TWO_DAYS : ROWS;
      const noise = randomFrom(seed + 100);
      const operations = Array.from({ length: 10 }, (_unused, nth) => {
        let drift = 0;
        return series(
          `op-${nth}`,
          (minute) => {
            drift = 0.97 * drift + 0.05 * normalFrom(noise);
            const wave = 1 + 0.4 * Math.sin((2 * Math.PI * (minute + 70 * nth)) / 1440);
            const spike = noise() < 0.01 ? 5 : 1;
            const count = calls(noise, (nth + 1) * 12 * wave * Math.exp(drift));
            const share = 0.02 * Math.exp(drift);
            const typicalMs = 15 * wave * Math.exp((nth % 3 === 0 ? drift : 0) + 0.3 * normalFrom(noise)) * spike;
            return { calls: count, errors: Math.min(count, calls(noise, count * share)), typicalMs: count === 0 ? null : typicalMs };
          },
          rows,
        );
      });
      return found(operations).map(({ title }) => title);
    });
    expect(told.flat()).toEqual([]);
  });
});
