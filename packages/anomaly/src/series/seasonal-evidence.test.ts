import { describe, expect, it } from 'vitest';
import { newSeasonalState, seasonalEvidence, seasonalExpectation } from './seasonal-evidence.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2024, 0, 1);

function learn(hours: number, value: (hour: number) => number) {
  const state = newSeasonalState(MONDAY);
  for (let half = 0; half < 2 * hours; half++) seasonalEvidence(state, MONDAY + (half * HOUR) / 2, value(half / 2), []);
  return state;
}

describe('seasonalEvidence', () => {
  it('has no say until a time of day was seen twice', () => {
    const state = learn(36, (hour) => hour % 24);
    const into: number[] = [];
    seasonalEvidence(state, MONDAY + 36 * HOUR, 12, into);
    expect(into).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('expects what this time of day was like, then what this time of the week was like', () => {
    expect(
      seasonalExpectation(
        learn(5 * 24, (hour) => Math.floor(hour) % 24),
        MONDAY + (5 * 24 + 9) * HOUR,
      ),
    ).toBeCloseTo(9, 6);
    const weekend = learn(4 * 168, (hour) => (hour % 168 >= 120 ? 1 : 50));
    expect(seasonalExpectation(weekend, MONDAY + (4 * 168 + 130) * HOUR)).toBeCloseTo(1, 6);
    expect(seasonalExpectation(weekend, MONDAY + (4 * 168 + 30) * HOUR)).toBeCloseTo(50, 6);
  });

  it('measures in what is usual', () => {
    const state = learn(21 * 24, (hour) => 10 + (Math.floor(hour / 24) % 2 === 0 ? 1 : -1));
    const into: number[] = [];
    seasonalEvidence(state, MONDAY + 21 * 24 * HOUR, 30, into);
    expect(into[0]).toBeGreaterThan(5);
    expect(into[2]).toBeLessThan(into[0] ?? 0);
  });
});
