import { describe, expect, it } from 'vitest';
import { LEVEL_STATISTICS, levelEvidence, newLevelState } from './level-evidence.ts';

function statistics(values: readonly number[], outside = Number.POSITIVE_INFINITY): Record<string, number> {
  const state = newLevelState(values[0] ?? 0);
  let into: number[] = [];
  for (const value of values) {
    into = [];
    levelEvidence(state, value, outside, into);
  }
  expect(into).toHaveLength(LEVEL_STATISTICS.length);
  return Object.fromEntries(LEVEL_STATISTICS.map((name, index) => [name, into[index] ?? 0]));
}

const saw = Array.from({ length: 1000 }, (_, row) => (row % 2 === 0 ? 9 : 11));

describe('levelEvidence', () => {
  it('measures a value in slow deviations, upwards and downwards apart', () => {
    const high = statistics([...saw, 20]);
    expect(high['value is high']).toBeCloseTo(10, 0);
    expect(high['value is low']).toBe(0);
    expect(statistics([...saw, 0])['value is low']).toBeCloseTo(10, 0);
  });

  it('counts no more of a value than lies outside what is usual at this time', () => {
    expect(statistics([...saw, 20], 0)['value is high']).toBe(0);
    expect(statistics([...saw, 20], 0)['value steps']).toBe(0);
  });

  it('sees a shifted level over every span', () => {
    const shifted = statistics([...saw, ...new Array<number>(40).fill(14)]);
    expect(shifted['level of 6 rows is high']).toBeGreaterThan(2);
    expect(shifted['level of 24 rows is high']).toBeGreaterThan(1);
    expect(shifted['level of 6 rows is low']).toBe(0);
  });

  it('sees the spread shrink and grow', () => {
    expect(statistics([...saw, ...new Array<number>(40).fill(10)])['spread of 6 rows is narrow']).toBeGreaterThan(5);
    expect(statistics([...saw, ...saw.slice(0, 40).map((value) => 10 + 5 * (value - 10))])['spread of 24 rows is wide']).toBeGreaterThan(5);
  });
});
