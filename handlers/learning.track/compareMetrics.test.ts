import { beats } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../deployment.deploy/testing/facts.ts';
import { compareMetrics } from './compareMetrics.ts';
import { summaryOf } from './testing/figures.ts';

const compare = (type: Parameters<typeof factsOf>[0], before: Parameters<typeof summaryOf>[0], after: Parameters<typeof summaryOf>[0]) =>
  beats.compareMetrics.output.parse(compareMetrics({ anomaly: factsOf(type).anomaly, before: summaryOf(before), after: summaryOf(after) }))
    .comparisons;

const timed = (count: number, ms: (at: number) => number) => {
  const durations = Array.from({ length: count }, (_, at) => ms(at));
  const sorted = [...durations].sort((a, b) => a - b);
  return { count, durations, p50: sorted[Math.floor(count / 2)] ?? 0, p95: sorted[Math.floor(count * 0.95)] ?? 0 };
};

describe('durations', () => {
  test('that fell are better: Cliff’s delta 1 where all of them did', () => {
    const [p50, p95] = compare(
      'performance',
      timed(60, (at) => 50 + at),
      timed(60, (at) => 10 + (at % 7)),
    );
    expect(p50).toMatchObject({ metric: 'duration p50', before: 80, after: 13, effect: 1, significant: true, enoughData: true });
    expect(p50?.improvement).toBeCloseTo((80 - 13) / 80);
    expect(p95?.metric).toBe('duration p95');
    expect(p50?.pValue).toBeLessThan(1e-6);
  });

  test('that rose are worse, by the same test', () => {
    const [p50] = compare(
      'performance',
      timed(60, (at) => 10 + (at % 7)),
      timed(60, (at) => 50 + at),
    );
    expect(p50).toMatchObject({ effect: -1, significant: true });
    expect(p50?.improvement).toBeLessThan(0);
  });

  test('of the same kind show no difference, and few points none that counts', () => {
    expect(
      compare(
        'performance',
        timed(60, (at) => at % 10),
        timed(60, (at) => (at + 3) % 10),
      )[0],
    ).toMatchObject({ significant: false });
    const few = compare(
      'performance',
      timed(40, () => 50),
      timed(60, () => 10),
    )[0];
    expect([few?.enoughData, few?.significant]).toEqual([false, false]);
  });
});

test('rates: the risk difference and Fisher’s exact test', () => {
  const [all, incident] = compare('error', { count: 100, errors: 20, incidentErrors: 15 }, { count: 80, errors: 4, incidentErrors: 0 });
  expect(all).toMatchObject({ metric: 'error rate', before: 0.2, after: 0.05, significant: true });
  expect(all?.effect).toBeCloseTo(0.15);
  expect(all?.improvement).toBeCloseTo(0.75);
  expect(incident).toMatchObject({ metric: 'incident error rate', before: 0.15, after: 0, improvement: 1, significant: true });
  expect(incident?.pValue).toBeLessThan(0.001);
});

test('errors where there were none before are a loss', () => {
  expect(compare('performance', { count: 50 }, { count: 50, errors: 10 })).toMatchObject([
    { improvement: -1, effect: -0.2, significant: true },
  ]);
  expect(compare('performance', { count: 50 }, { count: 50 })).toMatchObject([{ improvement: 0, significant: false, pValue: 1 }]);
});

test('errors that no call is known of count as their own calls', () => {
  expect(compare('error', { incidentErrors: 30 }, { count: 30 }).at(-1)).toMatchObject({
    metric: 'incident error rate',
    before: 1,
    after: 0,
  });
});

test('flows: the share of runs that deviate', () => {
  expect(compare('behavioral', { flowRuns: 30 }, { flowRuns: 25, flowConforming: 25 })).toMatchObject([
    { metric: 'deviating runs', before: 1, after: 0, improvement: 1, significant: true },
  ]);
});

test('coverage: certain, so without a p-value', () => {
  const lines = (coveredLines: number) => ({ coveredLines, totalLines: 8 });
  const [gain] = compare('coverage', lines(2), lines(8));
  expect(gain).toEqual({
    metric: 'covered lines',
    before: 0.25,
    after: 1,
    improvement: 0.75,
    effect: 0.75,
    significant: true,
    enoughData: true,
  });
  expect(compare('coverage', lines(2), lines(2))[0]?.significant).toBe(false);
});

test('without data there is nothing to compare', () => {
  for (const type of ['error', 'performance', 'behavioral', 'coverage'] as const) expect(compare(type, {}, {})).toEqual([]);
});
