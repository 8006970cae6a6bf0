import { describe, expect, it } from 'vitest';
import { PauseBudget } from './pause-budget.ts';
import { SiteQuota } from './site-quota.ts';

describe('PauseBudget', () => {
  it('asks for rest once the burst is spent, until half of it has grown again', () => {
    const budget = new PauseBudget(0.01, 100, 0);
    expect(budget.spend(60, 0)).toBe(0);
    // 100 - 60 - 50 = -10: 60 ms are missing to the half, at 10 ms a second.
    expect(budget.spend(50, 0)).toBeCloseTo(6_000);
    expect(budget.spend(10, 6_000)).toBe(0);
  });

  it('takes no more than its share of a long time', () => {
    const budget = new PauseBudget(0.01, 200, 0);
    let now = 0;
    let paused = 0;
    while (now < 3_600_000) {
      const rest = budget.spend(0.5, now);
      paused += 0.5;
      now += 0.5 + rest;
    }
    expect(paused / now).toBeLessThan(0.0101);
    expect(paused / now).toBeGreaterThan(0.009);
  });
});

it('admits a place so many times in a minute', () => {
  const quota = new SiteQuota(2, 0);
  expect([quota.admit('a', 0), quota.admit('a', 1), quota.admit('a', 2), quota.admit('b', 3)]).toEqual([true, true, false, true]);
  expect(quota.admit('a', 60_000)).toBe(true);
});
