import type { PerformanceDetails } from '@selfheal/contracts';
import { binomialTail, fisherGreater, mannWhitney } from '@selfheal/statistics';
import { quantileSorted } from 'simple-statistics';

/** What an operation is expected to take, and where that expectation comes from. Durations in ms. */
export interface Reference {
  readonly from: PerformanceDetails['expectedFrom'];
  /** In words: a release, a stretch of time, a budget. */
  readonly label: string;
  /** Release or window, as it is recorded. */
  readonly before?: string;
  readonly durations: readonly number[];
  readonly calls: number;
}

/** One comparison of now with then. Not yet a verdict: the p-value must survive the family of all comparisons. */
export interface Slowdown {
  readonly reference: Reference;
  /** `typical`: the median moved. `tail`: a part of the calls became slow. */
  readonly shape: 'typical' | 'tail';
  readonly expectedMs: number;
  readonly seenMs: number;
  readonly ratio: number;
  readonly pValue: number;
  /** Share of pairs (then, now) in which now is slower. */
  readonly superiority: number;
}

const TAIL_QUANTILE = 0.95;
/** The pooled quantile over which a call counts as slow in the test of tails. */
const TAIL_BORDER = 0.9;

/** The median against a sample of the same operation. */
export function typicalSlowdown(reference: Reference, now: readonly number[]): Slowdown {
  const { pGreater, superiority } = mannWhitney(now, reference.durations);
  return slowdown(reference, 'typical', medianOf(reference.durations), medianOf(now), pGreater, superiority);
}

/**
 * The slow end against a sample: the share of calls over a pooled quantile, tested by Fisher's exact test (a median test moved to
 * the tail; Mood, Introduction to the Theory of Statistics). Sees what is slow for some inputs only.
 */
export function tailSlowdown(reference: Reference, now: readonly number[]): Slowdown {
  const border = quantile([...reference.durations, ...now], TAIL_BORDER);
  const over = (durations: readonly number[]): { hits: number; total: number } => ({
    hits: durations.filter((ms) => ms > border).length,
    total: durations.length,
  });
  const pValue = fisherGreater(over(reference.durations), over(now));
  const expected = quantile(reference.durations, TAIL_QUANTILE);
  return slowdown(reference, 'tail', expected, quantile(now, TAIL_QUANTILE), pValue, over(now).hits / Math.max(1, now.length));
}

/** The median against a declared budget, by the sign test. */
export function budgetSlowdown(budgetMs: number, name: string, now: readonly number[]): Slowdown {
  const over = now.filter((ms) => ms > budgetMs).length;
  const reference: Reference = { from: 'budget', label: `the budget of ${name}`, durations: [], calls: 0 };
  return slowdown(reference, 'typical', budgetMs, medianOf(now), binomialTail(over, now.length, 0.5), over / Math.max(1, now.length));
}

export function medianOf(durations: readonly number[]): number {
  return quantile(durations, 0.5);
}

export function quantile(durations: readonly number[], q: number): number {
  return durations.length === 0
    ? 0
    : quantileSorted(
        [...durations].sort((a, b) => a - b),
        q,
      );
}

function slowdown(
  reference: Reference,
  shape: Slowdown['shape'],
  expectedMs: number,
  seenMs: number,
  pValue: number,
  superiority: number,
): Slowdown {
  const ratio = expectedMs > 0 ? seenMs / expectedMs : seenMs > 0 ? seenMs / 0.001 : 1;
  return { reference, shape, expectedMs, seenMs, ratio, pValue, superiority };
}
