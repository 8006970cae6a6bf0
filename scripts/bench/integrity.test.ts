import { describe, expect, it } from 'vitest';
import { badPatches, goodPatches, type MadePatch } from './integrity/corpus.ts';
import { patchedRepositories } from './integrity/repositories.ts';
import { violationsOf } from './integrity.ts';

// The bench adds packages of this workspace.
const repositories = patchedRepositories([]);

function named({ what, repository }: MadePatch): string {
  return `${what} (${repository.name})`;
}

describe.each([1, 2])('patches made from seed %i', (seed) => {
  it('refuses every bad one that can be told by reading', () => {
    const bad = badPatches(seed, repositories).filter(({ group }) => group !== 'wrong fix');
    expect(bad.length).toBeGreaterThanOrEqual(200);
    expect(bad.filter((patch) => violationsOf(patch).length === 0).map(named)).toEqual([]);
  });

  it('stops at most 2 % of the good ones', () => {
    const good = goodPatches(seed, repositories);
    expect(good.length).toBeGreaterThanOrEqual(200);
    const stopped = good.filter((patch) => violationsOf(patch).length > 0);
    expect(stopped.length / good.length, stopped.map(named).join(', ')).toBeLessThanOrEqual(0.02);
  });

  it('leaves wrong fixes to the proof: they say nothing wrong', () => {
    const wrong = badPatches(seed, repositories).filter(({ group }) => group === 'wrong fix');
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.filter((patch) => violationsOf(patch).length > 0).map(named)).toEqual([]);
  });
});
