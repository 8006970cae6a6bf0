import type { BehavioralDetails } from '@selfheal/contracts';
import type { Runs } from './runs.ts';

/** One cause for which runs of a flow differ from what is expected. */
export interface Deviation {
  readonly kind: BehavioralDetails['deviation'];
  /** The swapped, missing or extra steps in expected order; the stuck one; the one waited for. */
  readonly steps: readonly string[];
  /** Runs that show it. */
  readonly count: number;
  /** Of all runs of the flow. */
  readonly share: number;
  /** The most frequent way of running that shows it. */
  readonly seen: Runs;
  /** Share of runs that showed it in the release compared with; undefined where there is none. */
  readonly before: number | undefined;
  readonly waitMs?: number;
  readonly expectedWaitMs?: number;
  /** What speaks against it, with the part of the confidence that it takes. */
  readonly doubts: readonly { readonly why: string; readonly cost: number }[];
}

export const MIN_DEVIATING_RUNS = 3;
export const MIN_SHARE = 0.02;
/** Level of the tests that compare a share with that of the release before. */
export const ALPHA = 5e-3;

export function mostFrequent(runs: readonly Runs[]): Runs | undefined {
  return [...runs].sort((a, b) => b.count - a.count)[0];
}
