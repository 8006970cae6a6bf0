import type { CommitInfo, TelemetryEvent, TelemetrySlice } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { poolOperations } from '../operations/operation-pool.ts';
import { poolSamples, type Sample } from '../operations/pool-samples.ts';
import { randomFrom } from '../testing/random.ts';
import { START, snapshotOf } from '../testing/snapshot.ts';
import { broughtCommits } from './brought-commits.ts';
import { coarsenSlices, slimSlice, timeAxis } from './coarsen-slices.ts';
import { nestingOf } from './nesting.ts';

describe('commits that a release brought', () => {
  const history = ['d4', 'c3', 'b2', 'a1'].map(
    (start, nth): CommitInfo => ({
      sha: start.padEnd(40, '0'),
      at: 9 - nth,
      author: 'x',
      subject: start,
      files: [],
      tags: start === 'd4' ? ['v1.5.0'] : start === 'b2' ? ['shop@1.4.0'] : [],
    }),
  );
  const short = (shas: string[] | undefined) => shas?.map((sha) => sha.slice(0, 2));

  test.each([
    ['d40000000000', 'b2000000000000'],
    ['v1.5.0', 'shop@1.4.0'],
    ['1.5.0', '1.4.0'],
    ['1.5.0', undefined],
  ])('%s after %s', (release, before) => {
    expect(short(broughtCommits(release, before, { history }))).toEqual(['d4', 'c3']);
  });

  test('are unknown where a name means nothing to git, where no tag is older, or after a rollback', () => {
    expect(broughtCommits('build-7', undefined, { history })).toBeUndefined();
    expect(broughtCommits('1.5.0', 'build-6', { history })).toBeUndefined();
    expect(broughtCommits('1.4.0', undefined, { history })).toBeUndefined();
    expect(broughtCommits('1.4.0', '1.5.0', { history })).toBeUndefined();
  });
});

describe('nesting', () => {
  const event = (flowId: string, operation: string, time: number, durationMs: number): TelemetryEvent => ({
    id: `${flowId}:${operation}:${time}`,
    time,
    timeFrom: 'own',
    severity: 'info',
    kind: 'log',
    format: 'json',
    source: 'a',
    line: 1,
    text: '',
    flowId,
    operation,
    durationMs,
  });

  test('is what lies within what, summed over the calls of one run', () => {
    const events = Array.from({ length: 5 }, (_, run) => [
      event(`r${run}`, 'stock', START + 10, 9),
      event(`r${run}`, 'stock', START + 20, 9),
      event(`r${run}`, 'quote', START + 21, 21),
      event(`r${run}`, 'mail', START + 40, 10),
    ]).flat();
    expect(nestingOf(events)).toEqual([{ outer: 'quote', inner: 'stock', runs: 5, innerMs: 18 }]);
  });

  test('needs several runs, ids and durations', () => {
    expect(nestingOf([event('r', 'outer', START + 10, 10), event('r', 'inner', START + 9, 5)])).toEqual([]);
    const anonymous = [1, 2, 3].flatMap((run) => [event('', 'outer', START + run * 10, 10), event('', 'inner', START + run * 10, 5)]);
    expect(nestingOf(anonymous.map(({ flowId: _none, ...rest }) => rest))).toEqual([]);
  });
});

describe('coarse slices', () => {
  const merge = (slices: readonly TelemetrySlice[]): TelemetrySlice => {
    const [first] = slices;
    if (first === undefined) throw new Error('nothing to merge');
    return {
      ...first,
      events: slices.reduce((sum, { events }) => sum + events, 0),
      operations: slices.flatMap(({ operations }) => operations),
    };
  };
  const fine = snapshotOf(
    Array.from({ length: 600 }, (_, nth) => ({ operation: 'op', release: nth < 300 ? 'a' : 'b', at: START + nth * 1000, ms: nth })),
    { bucketMs: 1000 },
  ).slices;

  test('are at most some fifty for each release, and lose no event', () => {
    const axis = timeAxis(START, START + 600_000);
    const coarse = coarsenSlices(fine, axis, merge);
    expect(axis.bucketMs).toBe(13_000);
    expect(coarse.length).toBeLessThan(50);
    expect(coarse.reduce((sum, { events }) => sum + events, 0)).toBe(600);
    expect(new Set(coarse.map(({ release }) => release))).toEqual(new Set(['a', 'b']));
  });

  test('can be fed page by page', () => {
    const axis = timeAxis(START, START + 600_000);
    const first = coarsenSlices(fine.slice(0, 250), axis, merge);
    const pages = coarsenSlices([...first, ...fine.slice(250)], axis, merge);
    expect(pages.map(({ release, events }) => [release, events])).toEqual(
      coarsenSlices(fine, axis, merge).map(({ release, events }) => [release, events]),
    );
  });

  test('carry fewer samples, of which pools stay unbiased', () => {
    const random = randomFrom(7);
    const busy = Array.from({ length: 5000 }, () => ({ operation: 'op', at: START + random() * 1000, ms: 10 + random() }));
    const quiet = Array.from({ length: 500 }, () => ({ operation: 'op', at: START + 60_000 + random() * 1000, ms: 90 + random() }));
    const slices = snapshotOf([...busy, ...quiet]).slices.map(slimSlice);
    expect(Math.max(...slices.flatMap(({ operations }) => operations.map(({ samples }) => samples.length)))).toBe(96);
    const [pool] = poolOperations(slices);
    const slow = pool?.samples.filter(([, ms]) => ms > 50).length ?? 0;
    expect(slow / (pool?.samples.length ?? 1)).toBeGreaterThan(0.03);
    expect(slow / (pool?.samples.length ?? 1)).toBeLessThan(0.17);
    expect(pool?.quantile(0.5)).toBeCloseTo(10.5, 0);
    expect(pool?.timed).toBe(5500);
  });
});

test('pooled samples leave out hashes beyond the smallest cut', () => {
  const whole: Sample[] = [
    [5, 1],
    [50, 2],
  ];
  const cut: Sample[] = [
    [1, 3],
    [7, 4],
  ];
  expect(
    poolSamples(
      [
        { timed: 2, samples: whole },
        { timed: 90, samples: cut },
      ],
      10,
    ),
  ).toEqual([
    [1, 3],
    [5, 1],
    [7, 4],
  ]);
  expect(poolSamples([{ timed: 2, samples: whole }], 1)).toEqual([[5, 1]]);
});
