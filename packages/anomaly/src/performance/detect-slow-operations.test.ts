import { describe, expect, test } from 'vitest';
import { latency, randomFrom } from '../testing/random.ts';
import { type Call, START, snapshotOf, statsOf } from '../testing/snapshot.ts';
import { detectSlowOperations } from './detect-slow-operations.ts';

interface Load {
  readonly operation: string;
  readonly release?: string;
  readonly count: number;
  readonly from?: number;
  readonly everyMs?: number;
  readonly ms: (call: number) => number;
}

function calls({ operation, release = '', count, from = START, everyMs = 1000, ms }: Load): Call[] {
  return Array.from({ length: count }, (_, at) => ({ operation, release, at: from + at * everyMs, ms: ms(at) }));
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a new release', () => {
  test('that is five times as slow is one anomaly with figures a person can check', () => {
    const random = randomFrom(1);
    const [anomaly, ...others] = detectSlowOperations.detect(
      snapshotOf([
        ...calls({ operation: 'quoteBasket', release: 'a', count: 75, ms: () => latency(random, 14, 0.1) }),
        ...calls({ operation: 'quoteBasket', release: 'b', count: 76, from: START + HOUR, ms: () => latency(random, 70, 0.1) }),
        ...calls({ operation: 'listProducts', release: 'a', count: 50, ms: () => latency(random, 8) }),
        ...calls({ operation: 'listProducts', release: 'b', count: 50, from: START + HOUR, ms: () => latency(random, 8) }),
      ]),
    );
    expect(others).toEqual([]);
    expect(anomaly).toMatchObject({
      type: 'performance',
      release: 'b',
      severity: 'high',
      finding: false,
      place: { operation: 'quoteBasket', handler: 'quoteBasket' },
      details: { expectedFrom: 'release', before: 'a', count: 76 },
    });
    expect(anomaly?.metrics.ratio).toBeGreaterThan(4);
    expect(anomaly?.metrics.pValue).toBeLessThan(1e-12);
    expect(anomaly?.confidence).toBeGreaterThan(0.85);
    expect(anomaly?.evidence).toHaveLength(5);
    expect(anomaly?.description).toMatch(/quoteBasket took [\d.]+ ms at the median over 76 calls of release b; [\d.]+ ms were expected/);
  });

  test('is judged by operation: a changed traffic mix is no anomaly', () => {
    const random = randomFrom(2);
    const mix = (release: string, from: number, slowShare: number): Call[] =>
      calls({ operation: 'x', release, count: 400, from, ms: () => 0 }).map((call) =>
        random() < slowShare
          ? { ...call, operation: 'report', ms: latency(random, 300) }
          : { ...call, operation: 'ping', ms: latency(random, 20) },
      );
    expect(detectSlowOperations.detect(snapshotOf([...mix('a', START, 0.1), ...mix('b', START + HOUR, 0.8)]))).toEqual([]);
  });

  test('that shares the fault of the one before is compared with the last good one', () => {
    const random = randomFrom(3);
    const level = { a: 10, b: 60, c: 58 };
    const all = Object.entries(level).flatMap(([release, ms], nth) =>
      calls({ operation: 'op', release, count: 60, from: START + nth * HOUR, ms: () => latency(random, ms, 0.2) }),
    );
    expect(detectSlowOperations.detect(snapshotOf(all))).toMatchObject([{ release: 'c', details: { before: 'a' } }]);
  });

  test('that mended the fault is not blamed for the one before', () => {
    const random = randomFrom(4);
    const level = { a: 10, b: 60, c: 11 };
    const all = Object.entries(level).flatMap(([release, ms], nth) =>
      calls({ operation: 'op', release, count: 60, from: START + nth * HOUR, ms: () => latency(random, ms, 0.2) }),
    );
    expect(detectSlowOperations.detect(snapshotOf(all))).toEqual([]);
  });

  test('with too few calls leaves the judgement to the release before', () => {
    const random = randomFrom(5);
    const snapshot = snapshotOf([
      ...calls({ operation: 'op', release: 'a', count: 60, ms: () => latency(random, 10, 0.2) }),
      ...calls({ operation: 'op', release: 'b', count: 60, from: START + HOUR, ms: () => latency(random, 60, 0.2) }),
      ...calls({ operation: 'op', release: 'c', count: 5, from: START + 2 * HOUR, ms: () => latency(random, 10, 0.2) }),
    ]);
    expect(detectSlowOperations.detect(snapshot)).toMatchObject([{ release: 'b' }]);
  });

  test('that was rolled back is no longer judged', () => {
    const random = randomFrom(6);
    const snapshot = snapshotOf([
      ...calls({ operation: 'op', release: 'a', count: 200, everyMs: 60_000, ms: () => latency(random, 10, 0.2) }),
      ...calls({ operation: 'op', release: 'b', count: 60, from: START + HOUR, ms: () => latency(random, 60, 0.2) }),
    ]);
    expect(detectSlowOperations.detect(snapshot)).toEqual([]);
  });

  test('slow for a fifth of its inputs only shows in the tail', () => {
    const random = randomFrom(7);
    const some = (share: number, from: number, release: string): Call[] =>
      calls({ operation: 'search', release, count: 200, from, ms: (nth) => latency(random, nth % 5 < share * 5 ? 400 : 20, 0.2, 0) });
    const [anomaly] = detectSlowOperations.detect(snapshotOf([...some(0, START, 'a'), ...some(0.2, START + HOUR, 'b')]));
    expect(anomaly?.title).toContain('slowest twentieth');
    expect(anomaly?.metrics.seenMs).toBeGreaterThan(300);
  });
});

describe('no anomaly', () => {
  test('first calls after a start', () => {
    const random = randomFrom(8);
    const snapshot = snapshotOf([
      ...calls({ operation: 'op', release: 'a', count: 60, ms: () => latency(random, 10, 0.2) }),
      ...calls({ operation: 'op', release: 'b', count: 17, from: START + HOUR, ms: (nth) => (nth < 4 ? 900 : latency(random, 10, 0.2)) }),
    ]);
    expect(detectSlowOperations.detect(snapshot)).toEqual([]);
  });

  test('a beginning as slow as that of the release before', () => {
    const random = randomFrom(9);
    const cold = (release: string, from: number, count: number): Call[] =>
      calls({ operation: 'op', release, count, from, ms: (nth) => latency(random, nth < 50 ? 80 : 10, 0.2) });
    expect(detectSlowOperations.detect(snapshotOf([...cold('a', START, 1000), ...cold('b', START + HOUR, 45)]))).toEqual([]);
  });

  test('half as slow again, which is not more than 50 % over', () => {
    const random = randomFrom(10);
    const snapshot = snapshotOf([
      ...calls({ operation: 'op', release: 'a', count: 300, ms: () => latency(random, 100, 0.2) }),
      ...calls({ operation: 'op', release: 'b', count: 300, from: START + HOUR, ms: () => latency(random, 135, 0.2) }),
    ]);
    expect(detectSlowOperations.detect(snapshot)).toEqual([]);
  });

  test('twice a hundredth of a millisecond', () => {
    const random = randomFrom(11);
    const snapshot = snapshotOf([
      ...calls({ operation: 'op', release: 'a', count: 300, ms: () => latency(random, 0.01, 0.2) }),
      ...calls({ operation: 'op', release: 'b', count: 300, from: START + HOUR, ms: () => latency(random, 0.03, 0.2) }),
    ]);
    expect(detectSlowOperations.detect(snapshot)).toEqual([]);
  });

  test('a machine on which everything is slow, while what slowed down more still shows', () => {
    const random = randomFrom(12);
    const all = Array.from({ length: 10 }, (_, nth) => `op${nth}`).flatMap((operation) => [
      ...calls({ operation, release: 'a', count: 60, ms: () => latency(random, 20, 0.2) }),
      ...calls({ operation, release: 'b', count: 60, from: START + HOUR, ms: () => latency(random, operation === 'op3' ? 200 : 40, 0.2) }),
    ]);
    expect(detectSlowOperations.detect(snapshotOf(all)).map(({ place }) => place.operation)).toEqual(['op3']);
  });

  test('a peak at the end that lasts some seconds, or that all operations share', () => {
    const random = randomFrom(19);
    const peak = calls({ operation: 'op', count: 620, ms: (nth) => latency(random, nth < 590 ? 20 : 80, 0.2) });
    expect(detectSlowOperations.detect(snapshotOf(peak, { bucketMs: 10_000 }))).toEqual([]);
    const shared = Array.from({ length: 7 }, (_, nth) => `op${nth}`).flatMap((operation) =>
      calls({ operation, count: 900, ms: (nth) => latency(random, nth < 600 ? 20 : 50, 0.2) }),
    );
    expect(detectSlowOperations.detect(snapshotOf(shared))).toEqual([]);
  });

  test('is read into a step, its handler and its route that slow down together', () => {
    const random = randomFrom(20);
    const names = ['POST /a', 'a', 'step', 'b', 'c', 'd', 'e', 'f'];
    const all = names.flatMap((operation, nth) =>
      ['r1', 'r2'].flatMap((release, later) =>
        calls({
          operation,
          release,
          count: 60,
          from: START + later * HOUR,
          ms: () => latency(random, later === 1 && nth < 3 ? 90 : 20, 0.2),
        }),
      ),
    );
    const nesting = [
      { outer: 'POST /a', inner: 'a', runs: 60, innerMs: 90 },
      { outer: 'a', inner: 'step', runs: 60, innerMs: 90 },
    ];
    expect(detectSlowOperations.detect(snapshotOf(all, { nesting })).map(({ place }) => place.operation)).toEqual(['POST /a', 'a', 'step']);
  });

  test('a threshold that a dismissal raised', () => {
    const random = randomFrom(13);
    const all = [
      ...calls({ operation: 'op', release: 'a', count: 60, ms: () => latency(random, 20, 0.1) }),
      ...calls({ operation: 'op', release: 'b', count: 60, from: START + HOUR, ms: () => latency(random, 40, 0.1) }),
    ];
    expect(detectSlowOperations.detect(snapshotOf(all))).toHaveLength(1);
    expect(detectSlowOperations.detect(snapshotOf(all, { thresholds: { 'slow-operations|op': 1.5 } }))).toEqual([]);
  });
});

describe('what is expected', () => {
  test('is the declared budget where there is one', () => {
    const random = randomFrom(14);
    const all = calls({ operation: 'op', count: 60, ms: () => latency(random, 40, 0.2) });
    expect(detectSlowOperations.detect(snapshotOf(all, { budgets: { op: 20 } }))).toMatchObject([
      { details: { expectedFrom: 'budget', expectedMs: 20 } },
    ]);
    expect(detectSlowOperations.detect(snapshotOf(all, { budgets: { op: 35 } }))).toEqual([]);
  });

  test('is what was learned where no release is there to compare with', () => {
    const random = randomFrom(15);
    const learned = calls({ operation: 'op', count: 100, from: START - DAY, ms: () => latency(random, 10, 0.2) });
    const baselines = [{ operation: 'op', release: 'old', stats: statsOf(learned), until: START - DAY }];
    const all = calls({ operation: 'op', count: 60, ms: () => latency(random, 40, 0.2) });
    expect(detectSlowOperations.detect(snapshotOf(all, { baselines }))).toMatchObject([{ details: { expectedFrom: 'baseline' } }]);
  });

  test('is an earlier time of the same release where it changed at once and for good', () => {
    const random = randomFrom(16);
    const all = calls({ operation: 'op', count: 1200, ms: (nth) => latency(random, nth < 800 ? 20 : 60, 0.3) });
    for (const bucketMs of [10_000, 25_000, 60_000])
      expect(detectSlowOperations.detect(snapshotOf(all, { bucketMs }))).toMatchObject([{ details: { expectedFrom: 'window' } }]);
    const back = calls({ operation: 'op', count: 1200, ms: (nth) => latency(random, nth > 400 && nth < 800 ? 60 : 20, 0.3) });
    expect(detectSlowOperations.detect(snapshotOf(back))).toEqual([]);
  });

  test('is not met by a slow rise over the day', () => {
    const random = randomFrom(17);
    const all = calls({ operation: 'op', count: 2000, ms: (nth) => latency(random, 20 + nth / 40, 0.2) });
    expect(detectSlowOperations.detect(snapshotOf(all))).toEqual([]);
  });

  test('includes the weekend of the release before', () => {
    const random = randomFrom(18);
    const week = (release: string, from: number, days: number): Call[] =>
      calls({
        operation: 'op',
        release,
        count: days * 200,
        from,
        everyMs: DAY / 200,
        ms: (nth) => latency(random, new Date(from + (nth * DAY) / 200).getUTCDay() % 6 === 0 ? 60 : 25, 0.3),
      });
    const saturday = Date.UTC(2026, 2, 14);
    const snapshot = snapshotOf([...week('a', saturday - 12 * DAY, 12), ...week('b', saturday, 2)], { bucketMs: 6 * HOUR });
    expect(detectSlowOperations.detect(snapshot)).toEqual([]);
  });
});

describe('healthy but noisy logs', () => {
  test('give nothing, whatever the seed: equal distributions, heavy tails, changing mix and volume', () => {
    const alarms = [];
    for (let seed = 0; seed < 200; seed++) {
      const found = detectSlowOperations.detect(snapshotOf(noisyWeeks(seed), { bucketMs: 12 * HOUR }));
      alarms.push(...found.map(({ title }) => `${seed}: ${title}`));
    }
    expect(alarms).toEqual([]);
  }, 180_000);
});

/** Two weeks and three releases of a service: the mix follows the hour and the weekday, durations do not depend on either. */
function noisyWeeks(seed: number): Call[] {
  const random = randomFrom(seed + 1000);
  const operations = Array.from({ length: 10 }, (_, nth) => ({
    operation: `op${nth}`,
    medianMs: 2 * 1.6 ** nth,
    spread: 0.2 + random() * 1.2,
    outliers: random() * 0.05,
    weekend: random(),
    night: random(),
    volume: 10 ** (1 + 1.1 * random()),
  }));
  return operations.flatMap(({ operation, medianMs, spread, outliers, weekend, night, volume }) =>
    Array.from({ length: Math.round(volume) * 2 }, () => START + random() * 14 * DAY)
      .filter(
        (at) => random() < (new Date(at).getUTCDay() % 6 === 0 ? weekend : 1 - weekend) + (new Date(at).getUTCHours() < 8 ? night : 0.5),
      )
      .map((at) => ({
        operation,
        at,
        release: `v${Math.floor((3 * (at - START)) / (14 * DAY))}`,
        ms: latency(random, medianMs, spread, outliers),
      })),
  );
}
