import { describe, expect, test } from 'vitest';
import { binomialTail, fisherGreater } from './count-tests.ts';
import { holmAdjust } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
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
    expect(mannWhitney([4, 5, 6], [1, 2, 3])).toEqual({ u: 9, superiority: 1, pGreater: 1 / 20, pLess: 1 });
    // By listing all ten arrangements of 3 and 2: U >= 5 in two of them.
    expect(mannWhitney([2, 4, 5], [1, 3])).toMatchObject({ u: 5, superiority: 5 / 6, pGreater: 2 / 10 });
    expect(mannWhitney(range(12, 24), range(0, 12)).pGreater).toBeCloseTo(1 / 2_704_156, 15);
    // Complete separation of 5 and 5: 1 of 252 orderings.
    expect(mannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])).toMatchObject({ u: 25, pGreater: 1 / 252, pLess: 1 });
    // Mann and Whitney 1947, table for n = m = 4: P(U <= 2) = 0.057.
    expect(mannWhitney([1, 2, 3, 6], [4, 5, 7, 8]).pLess).toBeCloseTo(0.057, 3);
  });

  test('is exact for small samples with ties, and symmetric', () => {
    // By listing all 12,870 arrangements: 0.0299.
    expect(mannWhitney([2, 3, 4, 4, 5, 5, 6, 7], [1, 2, 2, 3, 3, 3, 4, 5]).pGreater).toBeCloseTo(0.0299, 4);
    const a = [1, 2, 2, 3, 3, 3, 4, 4];
    const b = [3, 4, 4, 5, 5, 5, 6, 6];
    const there = mannWhitney(a, b);
    const back = mannWhitney(b, a);
    expect(there.pLess).toBeCloseTo(31 / 12_870, 10);
    expect(there.pLess).toBeCloseTo(back.pGreater, 12);
    expect(there.superiority).toBeCloseTo(1 - back.superiority, 12);
  });

  test('takes the approximation for larger samples', () => {
    const shifted = mannWhitney(range(10, 50), range(0, 40));
    expect(shifted.superiority).toBeCloseTo(1 - (30 * 30) / 2 / 1600, 2);
    // By hand: U = 1150, z = (1150 - 800 - 0.5) / 103.9 = 3.36.
    expect(shifted.pGreater).toBeCloseTo(3.85e-4, 5);
    expect(shifted.pLess).toBeGreaterThan(0.99);
  });

  test('says nothing without data or without variation', () => {
    expect(mannWhitney([1], [])).toEqual({ u: 0, superiority: 0.5, pGreater: 1, pLess: 1 });
    expect(mannWhitney([5, 5, 5], [5, 5, 5])).toMatchObject({ superiority: 0.5, pGreater: 1, pLess: 1 });
    const same = new Array<number>(40).fill(5);
    expect(mannWhitney(same, same)).toMatchObject({ pGreater: 1, pLess: 1 });
  });

  test('is rarely below a level when nothing changed', () => {
    const random = randomFrom(5);
    const draws = () => Array.from({ length: 20 }, () => random());
    const below = Array.from({ length: 2000 }, () => mannWhitney(draws(), draws()).pGreater).filter((p) => p < 0.05);
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

/** Uniform in [0, 1), the same in each run (Lehmer's generator, Park and Miller 1988). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
