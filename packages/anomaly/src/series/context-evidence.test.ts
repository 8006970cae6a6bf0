import { describe, expect, it } from 'vitest';
import { contextEvidence, newContextState } from './context-evidence.ts';

function push(state: ReturnType<typeof newContextState>, z: number): number[] {
  const into: number[] = [];
  contextEvidence(state, z, [z, 0, 0], into);
  return into;
}

describe('contextEvidence', () => {
  it('has no say before it knows enough contexts', () => {
    expect(push(newContextState(), 1)).toEqual([Number.NaN, Number.NaN]);
  });

  it('is small for a shape seen before and large for a new one of ordinary values', () => {
    const state = newContextState();
    const wave = (row: number): number => Math.sign(Math.sin(row / 3));
    for (let row = 0; row < 3000; row++) push(state, wave(row));
    expect(push(state, wave(3000))[0]).toBeLessThan(0.5);
    const broken = [0.2, -0.9, 0.9, -0.4, 0.6].map((z) => push(state, z)[0] ?? 0);
    expect(Math.max(...broken)).toBeGreaterThan(0.8);
  });

  it('keeps a bounded number of contexts', () => {
    const state = newContextState();
    for (let row = 0; row < 5000; row++) push(state, row % 5);
    expect(state.contexts).toHaveLength(200);
  });
});
