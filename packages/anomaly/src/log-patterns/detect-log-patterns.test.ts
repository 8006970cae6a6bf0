import type { TelemetrySlice, TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { flowOf } from '../testing/flows.ts';
import { randomFrom } from '../testing/random.ts';
import { line, START, snapshotOf } from '../testing/snapshot.ts';
import { detectLogPatterns } from './detect-log-patterns.ts';

const MINUTE = 60_000;

interface Kind {
  readonly id: string;
  readonly severity?: TelemetrySlice['templates'][number]['severity'];
  /** Lines expected in a window. */
  rate(window: number): number;
}

/** A log of `windows` minutes: counts of each kind are Poisson around its rate, times the load of the window. */
function logOf(kinds: readonly Kind[], windows: number, random: () => number, load = (_window: number) => 1): TelemetrySnapshot {
  const slices = Array.from({ length: windows }, (_, window): TelemetrySlice => {
    const start = START + window * MINUTE;
    const templates = kinds.flatMap(({ id, severity = 'info', rate }) => {
      const count = poisson(rate(window) * load(window), random);
      const example = { ...line(start, `${id} happened`) };
      return count === 0 ? [] : [{ id, template: `${id} happened <*>`, severity, count, ...(severity === 'info' ? {} : { example }) }];
    });
    const events = templates.reduce((sum, { count }) => sum + count, 0);
    return {
      release: 'a',
      bucketStart: start,
      bucketMs: MINUTE,
      events,
      from: start,
      to: start + MINUTE - 1,
      operations: [],
      errors: [],
      templates: templates.sort((a, b) => b.count - a.count).slice(0, 200),
    };
  });
  const releases = [{ name: 'a', firstSeen: START, lastSeen: START + windows * MINUTE - 1, events: windows * 100 }];
  return snapshotOf([], { slices, releases, window: { from: START, to: START + windows * MINUTE } });
}

/** Knuth, The Art of Computer Programming, 3.4.1; sums of parts keep its exponent from vanishing. */
function poisson(mean: number, random: () => number): number {
  if (mean > 500) return poisson(mean / 2, random) + poisson(mean / 2, random);
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}

/** A service's usual kinds of lines, a few frequent and many rare, some of them warnings. */
function usual(random: () => number): Kind[] {
  return Array.from({ length: 40 }, (_, nth) => {
    const mean = 60 / (nth + 1) ** 1.7;
    return { id: `k${nth}`, severity: random() < 0.2 ? ('warn' as const) : ('info' as const), rate: () => mean };
  });
}

describe('new kinds of lines', () => {
  test('that keep coming are one finding with the lines, the figures and the picture', () => {
    const random = randomFrom(1);
    const kinds = [...usual(random), { id: 'gateway refused', severity: 'error' as const, rate: (at: number) => (at < 30 ? 0 : 3) }];
    const found = detectLogPatterns.detect(logOf(kinds, 48, random));
    expect(found).toMatchObject([
      {
        type: 'behavioral',
        finding: true,
        severity: 'medium',
        release: 'a',
        title: 'New kind of log line: "gateway refused happened <*>"',
        details: { type: 'signal', signal: 'log-patterns', expected: 0, parts: [{ name: 'gateway refused happened <*>', expected: 0 }] },
      },
    ]);
    const [anomaly] = found;
    expect(anomaly?.description).toMatch(/in none of the 3\d before \(p/);
    expect(anomaly?.evidence).toEqual([expect.objectContaining({ text: 'gateway refused happened' })]);
    expect(anomaly?.plot?.before.every(([, rate]) => rate === 0)).toBe(true);
    expect(anomaly?.plot?.after.some(([, rate]) => rate > 1)).toBe(true);
  });

  test('of information, in one burst, or of a place that a person dismissed, are none', () => {
    const random = randomFrom(2);
    const information = [...usual(random), { id: 'hello', rate: (at: number) => (at < 30 ? 0 : 3) }];
    const withFlows = { flows: [flowOf('checkout', 'a', [{ steps: 'a b' }])] };
    expect(detectLogPatterns.detect({ ...logOf(information, 48, random), ...withFlows })).toEqual([]);
    const burst = [...usual(random), { id: 'boom', severity: 'error' as const, rate: (at: number) => (at === 40 || at === 41 ? 200 : 0) }];
    expect(detectLogPatterns.detect({ ...logOf(burst, 48, random), ...withFlows })).toEqual([]);
    const lasting = [...usual(random), { id: 'boom', severity: 'error' as const, rate: (at: number) => (at < 36 ? 0 : 3) }];
    const snapshot = { ...logOf(lasting, 48, random), ...withFlows };
    expect(detectLogPatterns.detect(snapshot)).toHaveLength(1);
    expect(detectLogPatterns.detect({ ...snapshot, thresholds: { 'log-patterns|log lines': 1.5 ** 8 } })).toEqual([]);
  });

  test('are not told of where rare kinds were cut off before', () => {
    const random = randomFrom(3);
    const many = Array.from({ length: 260 }, (_, nth): Kind => ({ id: `k${nth}`, rate: () => 20 }));
    const kinds = [...many, { id: 'boom', severity: 'error' as const, rate: (at: number) => (at < 30 ? 0 : 40) }];
    expect(detectLogPatterns.detect({ ...logOf(kinds, 48, random), flows: [flowOf('checkout', 'a', [{ steps: 'a b' }])] })).toEqual([]);
  });
});

describe('the mix of lines', () => {
  const shifted = (random: () => number): Kind[] =>
    usual(random).map((kind, nth) => (nth === 1 ? { ...kind, rate: (at) => (at < 36 ? 30 : 300) } : kind));

  test('that changed and stays changed is told where there are no flows', () => {
    const found = detectLogPatterns.detect(logOf(shifted(randomFrom(4)), 48, randomFrom(5)));
    expect(found).toMatchObject([
      { title: 'The mix of log lines changed at 2026-03-02T10:36:00.000Z', severity: 'low', metrics: { windows: 12 }, finding: true },
    ]);
    expect(found[0]?.details).toMatchObject({ parts: expect.arrayContaining([expect.objectContaining({ name: 'k1 happened <*>' })]) });
    expect(found[0]?.plot?.after).toHaveLength(12);
    expect(found[0]?.plot?.expected).toBeGreaterThan(0);
  });

  test('says nothing beside flows, which say it better, nor where it came back to what it was', () => {
    const snapshot = logOf(shifted(randomFrom(4)), 48, randomFrom(5));
    expect(detectLogPatterns.detect({ ...snapshot, flows: [flowOf('checkout', 'a', [{ steps: 'a b' }])] })).toEqual([]);
    const passing = usual(randomFrom(4)).map((kind, nth): Kind => (nth === 1 ? { ...kind, rate: (at) => (at === 40 ? 300 : 30) } : kind));
    expect(detectLogPatterns.detect(logOf(passing, 48, randomFrom(6)))).toEqual([]);
  });

  test('is not a matter of load', () => {
    const random = randomFrom(7);
    const busy = logOf(usual(random), 48, random, (window) => (window < 36 ? 1 : 8));
    expect(detectLogPatterns.detect(busy)).toEqual([]);
  });
});

test('a log of few windows says nothing', () => {
  const random = randomFrom(8);
  expect(detectLogPatterns.detect(logOf(usual(random), 8, random))).toEqual([]);
});

test('its budget: no alarm in 200 logs of noise, with bursts and a load that comes and goes', () => {
  const alarms = Array.from({ length: 200 }, (_, seed) => {
    const random = randomFrom(1_000 + seed);
    const bursts = usual(random).map((kind): Kind => {
      const burst = Math.floor(random() * 48);
      return { ...kind, rate: (at) => kind.rate(at) * (at === burst ? 10 : 1) };
    });
    return detectLogPatterns.detect(logOf(bursts, 48, random, (window) => 1 + Math.sin(window / 8) / 2)).length;
  });
  expect(alarms.reduce((sum, count) => sum + count, 0)).toBe(0);
});
