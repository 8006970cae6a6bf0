import type { PerformanceDetails } from '@selfheal/contracts';
import { fisherGreater, mannWhitney } from '@selfheal/statistics';
import { quantile } from 'simple-statistics';
import { durationsOf } from '../observe/observation.ts';
import { ALPHA, EARLY_ALPHA, type Evidence, inWords, type Judgement, tooLittle } from './judgement.ts';

/** Points a side for a statistical verdict (design, "Post-deploy verdict"). */
const LEAST_POINTS = 50;
const TAIL = 0.95;
/** The pooled quantile over which a call counts as slow. */
const SLOW = 0.9;

/**
 * A slow operation is healed when its durations fell: the whole distribution by Mann–Whitney, or the share of slow calls by Fisher's exact
 * test, since some faults slow down only some inputs. No better over enough points is a failed fix.
 */
export function judgePerformance(details: PerformanceDetails, { before, after, minimumTraffic, final }: Evidence): Judgement {
  const then = durationsOf(before, [details.operation]);
  const now = durationsOf(after, [details.operation]);
  const wanted = Math.max(LEAST_POINTS, minimumTraffic);
  const figures = { traffic: now.length, recurrences: 0, before: summary(then), after: summary(now) };
  if (then.length < LEAST_POINTS || now.length < wanted) {
    const [seen, side] =
      now.length < wanted ? [now.length, `calls of ${details.operation}`] : [then.length, `calls of ${details.operation} before the fix`];
    const detail =
      now.length < wanted ? tooLittle(seen, wanted, side) : `only ${seen} ${side} are known, ${LEAST_POINTS} are needed to compare`;
    return { ...figures, verdict: final ? 'inconclusive' : undefined, detail };
  }
  const pValue = Math.min(1, 2 * Math.min(mannWhitney(then, now).pGreater, fewerSlow(then, now)));
  const change = `p50 ${ms(figures.before.p50)} → ${ms(figures.after.p50)}, p95 ${ms(figures.before.p95)} → ${ms(figures.after.p95)} over ${now.length} calls (${inWords(pValue)})`;
  if (pValue < (final ? ALPHA : EARLY_ALPHA))
    return { ...figures, verdict: 'verified', pValue, detail: `${details.operation} became faster: ${change}` };
  return { ...figures, verdict: final ? 'failed' : undefined, pValue, detail: `${details.operation} did not become faster: ${change}` };
}

/** P of so few slow calls now, if nothing changed. */
function fewerSlow(then: readonly number[], now: readonly number[]): number {
  const border = quantile([...then, ...now], SLOW);
  const slow = (durations: readonly number[]) => ({
    hits: durations.filter((duration) => duration > border).length,
    total: durations.length,
  });
  return fisherGreater(slow(now), slow(then));
}

function summary(durations: readonly number[]): { points: number; p50: number; p95: number } {
  if (durations.length === 0) return { points: 0, p50: 0, p95: 0 };
  return { points: durations.length, p50: quantile([...durations], 0.5), p95: quantile([...durations], TAIL) };
}

function ms(duration: number): string {
  return `${duration.toFixed(duration < 10 ? 2 : 0)} ms`;
}
