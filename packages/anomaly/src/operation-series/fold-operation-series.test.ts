import type { TelemetrySlice } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { START, snapshotOf } from '../testing/snapshot.ts';
import { addToSeries, newSeriesFold, seriesOf } from './fold-operation-series.ts';

const MINUTE = 60_000;

/** `perMinute` calls a minute, each tenth failing. */
function slices(operation: string, minutes: number, perMinute: number, bucketMs = 10_000, release = ''): TelemetrySlice[] {
  const calls = Array.from({ length: minutes * perMinute }, (_, nth) => ({
    operation,
    release,
    at: START + (nth * MINUTE) / perMinute,
    ms: nth % 2 === 0 ? 10 : 40,
    failed: nth % 10 === 0,
  }));
  return snapshotOf(calls, { bucketMs }).slices;
}

function seriesFrom(...pages: TelemetrySlice[][]) {
  const fold = newSeriesFold();
  for (const page of pages) addToSeries(fold, page);
  return seriesOf(fold);
}

describe('seriesOf', () => {
  test('adds up slices of several reads and releases by the minute, without the incomplete ends', () => {
    const [busy, idle] = seriesFrom(slices('a', 200, 20), slices('b', 200, 40, 10_000, 'x'), slices('b', 200, 20, 10_000, 'y'));
    expect([busy?.operation, idle?.operation]).toEqual(['b', 'a']);
    expect(busy?.bucketMs).toBe(MINUTE);
    expect(busy?.rows).toHaveLength(198);
    expect(busy?.rows[0]).toMatchObject({ start: START + MINUTE, calls: 60, errors: 6 });
    expect(busy?.rows.every(({ typicalMs }) => Math.abs((typicalMs ?? 0) - 20) < 1e-9)).toBe(true);
  });

  test('has rows for stretches in which only others were called', () => {
    const [, rare] = seriesFrom(slices('a', 200, 20), slices('b', 100, 2));
    expect(rare?.rows.at(-1)).toMatchObject({ calls: 0, errors: 0, typicalMs: null });
  });

  test('is as wide as the widest slice', () => {
    const [one] = seriesFrom(slices('a', 3000, 2, 600_000), slices('a', 100, 2));
    expect(one?.bucketMs).toBe(600_000);
    expect(one?.rows[0]?.calls).toBe(40);
  });

  test('leaves out what is stored too coarsely, and all before it', () => {
    const coarse = slices('a', 120, 2, 3_600_000);
    expect(seriesFrom(coarse)).toEqual([]);
    const [one] = seriesFrom(coarse, slices('a', 400, 2));
    expect(one?.rows[0]?.start).toBeGreaterThanOrEqual(START + 120 * MINUTE);
  });

  test('gives none of too short a time', () => {
    expect(seriesFrom(slices('a', 60, 20))).toEqual([]);
  });

  test('keeps the busiest of many operations', () => {
    const many = Array.from({ length: 500 }, (_, nth) => slices(`op-${nth}`, nth === 250 ? 400 : 125, 1, MINUTE));
    const all = seriesFrom(...many);
    expect(all).toHaveLength(40);
    expect(all[0]?.operation).toBe('op-250');
  });
});
