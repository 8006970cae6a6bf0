import type { PerformanceCheck } from '@selfheal/contracts';
import { median } from 'simple-statistics';
import { mannWhitney } from './mann-whitney.ts';

export interface ComparisonOptions {
  /** Runs of each side. Fewer than 4 can show nothing at this level. */
  readonly pairs: number;
  readonly signal?: AbortSignal;
}

const SIGNIFICANT = 0.05;
/** What tests of a few milliseconds differ by on a busy machine: below both, a difference is none. */
const NOISE_SHARE = 0.2;
const NOISE_MS = 5;

/**
 * Runs base and head by turns, so that what disturbs the machine disturbs both, and compares their durations (ms) by ranks. One run
 * of each side comes first and is not counted. A side is slower or faster where the rank test says so and the medians differ by
 * more than noise.
 */
export async function comparePerformance(
  runBase: () => Promise<number>,
  runHead: () => Promise<number>,
  { pairs, signal }: ComparisonOptions,
): Promise<PerformanceCheck> {
  const base: number[] = [];
  const head: number[] = [];
  await runBase();
  await runHead();
  for (let pair = 0; pair < pairs; pair += 1) {
    signal?.throwIfAborted();
    // The order within a pair alternates too.
    if (pair % 2 === 0) base.push(await runBase());
    head.push(await runHead());
    if (pair % 2 === 1) base.push(await runBase());
  }
  return judge(base, head);
}

/** Whether the second of two durations (ms) is longer by more than tests differ by on a busy machine. */
export function exceedsNoise(shorter: number, longer: number): boolean {
  return longer - shorter > Math.max(NOISE_MS, NOISE_SHARE * shorter);
}

function judge(base: readonly number[], head: readonly number[]): PerformanceCheck {
  const baselineMs = median([...base]);
  const currentMs = median([...head]);
  const { pGreater: pFaster, pLess: pSlower } = mannWhitney(base, head);
  const improved = exceedsNoise(currentMs, baselineMs) && pFaster < SIGNIFICANT;
  const slower = exceedsNoise(baselineMs, currentMs) && pSlower < SIGNIFICANT;
  const improvement = baselineMs === 0 ? 0 : (baselineMs - currentMs) / baselineMs;
  const verdict = improved ? 'faster' : slower ? 'slower' : 'no difference beyond noise';
  return {
    improved,
    slower,
    improvement,
    baselineMs,
    currentMs,
    pValue: Math.min(1, 2 * Math.min(pFaster, pSlower)),
    runs: base.length,
    detail: `${verdict}: median ${baselineMs.toFixed(1)} ms before, ${currentMs.toFixed(1)} ms after, ${base.length} interleaved runs each`,
  };
}
