import type { OperationBucket, OperationPool } from '../operations/operation-pool.ts';
import { poolSamples } from '../operations/pool-samples.ts';
import { medianOf, type Slowdown, typicalSlowdown } from './slowdown.ts';
import { bucketMedian } from './warm-up.ts';

/** Medians within this factor count as the same level. */
const ALIKE = 1.25;
const FEW = 5;
const MAX_SAMPLES = 256;
/** Places to cut that are tried first. */
const MAX_COARSE = 12;
/** Each side of a change must last. */
const LEAST_BUCKETS = 3;
const LEAST_SPAN_MS = 60_000;

/**
 * Whether earlier stretches of time were as slow already: a weekly peak, a nightly job. Asks for a twentieth of the calls, so that
 * one bad minute does not excuse a lasting slowdown.
 */
export function seenBefore(buckets: readonly OperationBucket[], seenMs: number, minimum: number): boolean {
  if (buckets.length < 3) return false;
  const alike = buckets.filter((bucket) => bucket.samples.length >= FEW && bucketMedian(bucket) * ALIKE >= seenMs);
  const calls = sum(alike);
  return calls >= minimum && calls >= sum(buckets) / 20;
}

/** Whether the newest calls are back at what was expected. */
export function recovered({ buckets }: OperationPool, expectedMs: number, minimum: number): boolean {
  const newest = takeNearest([...buckets].reverse(), minimum);
  return newest.length >= minimum && medianOf(newest) < expectedMs * ALIKE;
}

/**
 * The best split of one release's time into a faster before and a slower after that lasts to the end. The p-value is multiplied by
 * the number of splits tried. A slow rise (load over the day) is no change point: the two sides must differ where they meet.
 * Source: after Pettitt (1979), A non-parametric approach to the change-point problem.
 */
export function changePoint({ buckets }: OperationPool, minimum: number): (Slowdown & { stands: boolean }) | undefined {
  const splits = buckets
    .map((_, at) => ({ before: buckets.slice(0, at), after: buckets.slice(at) }))
    .filter((sides) => [sides.before, sides.after].every((side) => sum(side) >= minimum && isLong(side)));
  const best = searchSplits(splits);
  if (best === undefined) return undefined;
  const stands = isStep(best.before, best.after, best.seen, minimum) && !seenBefore(best.before, best.seen.seenMs, minimum);
  return { ...best.seen, pValue: Math.min(1, best.seen.pValue * splits.length), stands };
}

interface Split {
  readonly before: readonly OperationBucket[];
  readonly after: readonly OperationBucket[];
}

/** The split that tells its sides apart best: by coarse steps over all, then by fine ones around the best. */
function searchSplits(splits: readonly Split[]): (Split & { readonly seen: Slowdown }) | undefined {
  const step = Math.ceil(splits.length / MAX_COARSE);
  const coarse = splits.filter((_, nth) => nth % step === 0);
  const around = clearest(coarse);
  if (around === undefined || step === 1) return around;
  const at = splits.findIndex(({ before }) => before.length === around.before.length);
  return clearest(splits.slice(Math.max(0, at - step + 1), at + step));
}

function clearest(splits: readonly Split[]): (Split & { readonly seen: Slowdown }) | undefined {
  const tried = splits.map((split) => ({ ...split, seen: compare(split.before, split.after) }));
  return tried.sort((a, b) => a.seen.pValue - b.seen.pValue || b.seen.superiority - a.seen.superiority)[0];
}

/** A peak of some seconds at the end of the window is no lasting change. */
function isLong(buckets: readonly OperationBucket[]): boolean {
  const span = (buckets.at(-1)?.end ?? 0) - (buckets[0]?.start ?? 0);
  return buckets.length >= LEAST_BUCKETS && span >= LEAST_SPAN_MS;
}

function compare(before: readonly OperationBucket[], after: readonly OperationBucket[]): Slowdown {
  const start = before[0]?.start ?? 0;
  const end = after[0]?.start ?? 0;
  const window = `${new Date(start).toISOString()}/${new Date(end).toISOString()}`;
  const reference = { from: 'window' as const, label: `the time before ${new Date(end).toISOString()}`, before: window };
  return typicalSlowdown({ ...reference, durations: durationsOf(before), calls: sum(before) }, durationsOf(after));
}

function isStep(before: readonly OperationBucket[], after: readonly OperationBucket[], seen: Slowdown, minimum: number): boolean {
  const near = medianOf(takeNearest([...before].reverse(), minimum));
  const step = near > 0 ? medianOf(takeNearest(after, minimum)) / near : seen.ratio;
  if (step < 1 + (seen.ratio - 1) / 2) return false;
  const judged = after.filter(({ samples }) => samples.length >= FEW);
  const slow = judged.filter((bucket) => bucketMedian(bucket) > seen.expectedMs * ALIKE);
  return slow.length >= judged.length * 0.8;
}

/** Durations of the first buckets until there are `minimum` of them. */
function takeNearest(buckets: readonly OperationBucket[], minimum: number): number[] {
  const taken: number[] = [];
  for (const { samples } of buckets) {
    if (taken.length >= minimum) break;
    taken.push(...samples.map(([, ms]) => ms));
  }
  return taken;
}

function durationsOf(buckets: readonly OperationBucket[]): number[] {
  return poolSamples(buckets, MAX_SAMPLES).map(([, ms]) => ms);
}

function sum(buckets: readonly OperationBucket[]): number {
  return buckets.reduce((total, { timed }) => total + timed, 0);
}
