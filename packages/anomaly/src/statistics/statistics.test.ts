import { describe, expect, test } from 'vitest';
import { randomFrom } from '../testing/random.ts';
import { binomialTail, fisherGreater } from './count-tests.ts';
import { holmAdjust } from './holm.ts';
import { mannWhitneyGreater } from './mann-whitney.ts';
import { normalTail } from './normal-tail.ts';

test('normal tail agrees with tables, far out too', () => {
  expect(normalTail(0)).toBeCloseTo(0.5, 7);
  expect(normalTail(1.959964)).toBeCloseTo(0.025, 6);
  expect(normalTail(-1.644854)).toBeCloseTo(0.95, 6);
  expect(normalTail(6) / 9.865876e-10).toBeCloseTo(1, 5);
  expect(normalTail(10) / 7.619853e-24).toBeCloseTo(1, 5);
});

describe('Mann–Whitney', () => {
  test('is exact for small samples without ties', () => {
    expect(mannWhitneyGreater([1, 2, 3], [4, 5, 6])).toEqual({ pValue: 1 / 20, superiority: 1 });
    expect(mannWhitneyGreater([4, 5, 6], [1, 2, 3]).pValue).toBe(1);
    // By listing all ten arrangements of 2 and 3: U >= 5 in two of them.
    expect(mannWhitneyGreater([1, 3], [2, 4, 5])).toEqual({ pValue: 2 / 10, superiority: 5 / 6 });
    expect(mannWhitneyGreater(range(0, 12), range(12, 24)).pValue).toBeCloseTo(1 / 2_704_156, 15);
  });

  test('handles ties and larger samples', () => {
    // By listing all 12,870 arrangements: 0.0299.
    expect(mannWhitneyGreater([1, 2, 2, 3, 3, 3, 4, 5], [2, 3, 4, 4, 5, 5, 6, 7]).pValue).toBeCloseTo(0.0299, 2);
    const shifted = mannWhitneyGreater(range(0, 40), range(10, 50));
    expect(shifted.superiority).toBeCloseTo(1 - (30 * 30) / 2 / 1600, 2);
    // By hand: U = 1150, z = (1150 - 800 - 0.5) / 103.9 = 3.36.
    expect(shifted.pValue).toBeCloseTo(3.85e-4, 5);
  });

  test('says nothing without data or without variation', () => {
    expect(mannWhitneyGreater([], [1]).pValue).toBe(1);
    expect(mannWhitneyGreater([5, 5, 5], [5, 5, 5]).pValue).toBe(1);
  });

  test('is rarely below a level when nothing changed', () => {
    const random = randomFrom(5);
    const draws = () => Array.from({ length: 20 }, () => random());
    const below = Array.from({ length: 2000 }, () => mannWhitneyGreater(draws(), draws()).pValue).filter((p) => p < 0.05);
    expect(below.length / 2000).toBeGreaterThan(0.03);
    expect(below.length / 2000).toBeLessThan(0.07);
  });
});

test('binomial tail and Fisher are exact', () => {
  expect(binomialTail(8, 10, 0.5)).toBeCloseTo(56 / 1024, 12);
  expect(binomialTail(0, 10, 0.5)).toBe(1);
  expect(binomialTail(3, 3, 1)).toBe(1);
  expect(binomialTail(1, 3, 0)).toBe(0);
  expect(binomialTail(5200, 10_000, 0.5)).toBeCloseTo(3.3e-5, 5);
  // Fisher's tea: 4 of 4 against 0 of 4, one of 70.
  expect(fisherGreater({ hits: 0, total: 4 }, { hits: 4, total: 4 })).toBeCloseTo(1 / 70, 12);
  expect(fisherGreater({ hits: 2, total: 10 }, { hits: 2, total: 10 })).toBeGreaterThan(0.5);
});

test('Holm adjusts step by step and keeps the order of the input', () => {
  expect(holmAdjust([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holmAdjust([])).toEqual([]);
  expect(holmAdjust([0.9, 0.8])).toEqual([1, 1]);
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, nth) => from + nth);
}
