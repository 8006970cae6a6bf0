import { describe, expect, it } from 'vitest';
import { distributionEvidence, newDistributionState } from './distribution-evidence.ts';

function after(values: readonly number[]): number[] {
  const state = newDistributionState();
  let into: number[] = [];
  for (const value of values) {
    into = [];
    distributionEvidence(state, value, into);
  }
  return into;
}

const usual = Array.from({ length: 3000 }, (_, row) => Math.sin(row * 12.9898));

describe('distributionEvidence', () => {
  it('is near 0 for what is distributed as always', () => {
    expect(Math.max(...after(usual).slice(1))).toBeLessThan(0.3);
  });

  it('sees another distribution of the same mean', () => {
    const extremes = Array.from({ length: 60 }, (_, row) => (row % 2 === 0 ? 3 : -3));
    expect(Math.min(...after([...usual, ...extremes]))).toBeGreaterThan(0.5);
  });
});
