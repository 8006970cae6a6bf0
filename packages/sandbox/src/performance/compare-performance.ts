import type { PerformanceCheck } from '@selfheal/contracts';
import { mannWhitney, type RankTest } from '@selfheal/statistics';
import { median } from 'simple-statistics';

export interface ComparisonOptions {
  /** After the first look, pairs of runs are added only while they fit into this. Milliseconds. */
  readonly budgetMs: number;
  /** Nothing runs on beyond this, so slow tests may be left without a verdict. Milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/** Chance that a difference is seen, in one direction, where there is none. */
const ALPHA = 0.05;
/**
 * Pairs of runs after which the figures are looked at. Each look may spend a third of ALPHA (Bonferroni), so that looking three times
 * does not see more than one look would. The least one-sided p that complete separation gives: 1/252 = 0.004 for 5 pairs,
 * 1/184,756 for 10, 1/137,846,528,820 for 20: each look can reach its level of 0.0167, where 3 pairs (1/20) never could. What a look
 * takes for a difference: at 5 pairs a U of at most 2 of 25, at 10 of at most 21 of 100, at 20 of at most 121 of 400.
 */
const LOOKS = [5, 10, 20] as const;
const LEVEL = ALPHA / LOOKS.length;
/** Where equal sides would differ so much more often than not, and by no more than noise, more runs are not worth their time. */
const NO_SIGN = 0.25;
/** What tests of a few milliseconds differ by on a busy machine: below both, a difference is none. */
const NOISE_SHARE = 0.2;
const NOISE_MS = 5;

/**
 * Runs base and head by turns, so that what disturbs the machine disturbs both, and compares their durations (ms) by ranks. One run
 * of each side comes first and is not counted. A side is slower or faster where the rank test says so and the medians differ by
 * more than noise. Ends at the first look that is clear either way, else with the time or the last look.
 */
export async function comparePerformance(
  runBase: () => Promise<number>,
  runHead: () => Promise<number>,
  { budgetMs, limitMs, signal }: ComparisonOptions,
): Promise<PerformanceCheck> {
  const startedAt = performance.now();
  const base: number[] = [];
  const head: number[] = [];
  await runBase();
  await runHead();
  for (const look of LOOKS) {
    while (base.length < look) {
      signal?.throwIfAborted();
      const spent = performance.now() - startedAt;
      if (spent > (base.length < LOOKS[0] ? limitMs : Math.min(budgetMs, limitMs))) return judge(base, head);
      // The order within a pair alternates too.
      if (base.length % 2 === 0) {
        base.push(await runBase());
        head.push(await runHead());
      } else {
        head.push(await runHead());
        base.push(await runBase());
      }
    }
    if (isClear(base, head)) break;
  }
  return judge(base, head);
}

/** Whether the second of two durations (ms) is longer by more than tests differ by on a busy machine. */
export function exceedsNoise(shorter: number, longer: number): boolean {
  return longer - shorter > Math.max(NOISE_MS, NOISE_SHARE * shorter);
}

function isClear(base: readonly number[], head: readonly number[]): boolean {
  const test = mannWhitney(base, head);
  const { improved, slower } = differenceOf(base, head, test);
  const [before, after] = [median([...base]), median([...head])];
  const alike = !exceedsNoise(before, after) && !exceedsNoise(after, before) && Math.min(test.pGreater, test.pLess) > NO_SIGN;
  return improved || slower || alike;
}

function differenceOf(base: readonly number[], head: readonly number[], { pGreater, pLess }: RankTest) {
  const [before, after] = [median([...base]), median([...head])];
  return { improved: exceedsNoise(after, before) && pGreater < LEVEL, slower: exceedsNoise(before, after) && pLess < LEVEL };
}

function judge(base: readonly number[], head: readonly number[]): PerformanceCheck {
  const runs = base.length;
  if (runs === 0) return tooSlowToTell();
  const [baselineMs, currentMs] = [median([...base]), median([...head])];
  const test = mannWhitney(base, head);
  const { improved, slower } = differenceOf(base, head, test);
  const verdict = improved
    ? 'faster'
    : slower
      ? 'slower'
      : runs < LOOKS[0]
        ? `too few runs in the time for a verdict (${LOOKS[0]} are needed)`
        : 'no difference beyond noise';
  return {
    improved,
    slower,
    improvement: baselineMs === 0 ? 0 : (baselineMs - currentMs) / baselineMs,
    baselineMs,
    currentMs,
    pValue: Math.min(1, 2 * Math.min(test.pGreater, test.pLess)),
    runs,
    detail: `${verdict}: median ${baselineMs.toFixed(1)} ms before, ${currentMs.toFixed(1)} ms after, ${runs} interleaved runs each`,
  };
}

function tooSlowToTell(): PerformanceCheck {
  const detail = 'the time was over before one pair of runs could be compared';
  return { improved: false, slower: false, improvement: 0, baselineMs: 0, currentMs: 0, pValue: 1, runs: 0, detail };
}
