import type { Runs } from './runs.ts';

/** How often one step ran before another, over runs that have both once. */
export interface StepOrder {
  /** Runs in which `a` came first. */
  before(a: string, b: string): number;
  /** Share of runs, of those that have both, in which `a` came first; undefined where none has both. */
  share(a: string, b: string): number | undefined;
}

export function stepOrderOf(runs: readonly Runs[]): StepOrder {
  const counts = new Map<string, number>();
  for (const { steps, count } of runs) {
    const once = steps.filter((step) => steps.indexOf(step) === steps.lastIndexOf(step));
    once.forEach((a, at) => {
      for (const b of once.slice(at + 1)) counts.set(pairKey(a, b), (counts.get(pairKey(a, b)) ?? 0) + count);
    });
  }
  const before = (a: string, b: string): number => counts.get(pairKey(a, b)) ?? 0;
  return {
    before,
    share(a, b) {
      const both = before(a, b) + before(b, a);
      return both === 0 ? undefined : before(a, b) / both;
    },
  };
}

function pairKey(a: string, b: string): string {
  return JSON.stringify([a, b]);
}
