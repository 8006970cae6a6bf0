import type { OperationBucket, OperationPool } from '../operations/operation-pool.ts';
import { medianOf } from './slowdown.ts';

/** The first calls after a start are slow (compilation, connections, caches): this part of an operation's life, and at most a minute. */
const WARM_UP_SHARE = 0.2;
const WARM_UP_LIMIT_MS = 60_000;
const ALIKE = 1.25;
const FEW = 5;

/** Durations of a pool without its slowest calls where these came right after the start. */
export function warmDurations(pool: OperationPool): number[] {
  const durations = pool.samples.map(([, ms]) => ms);
  const until = pool.firstSeen + Math.min(WARM_UP_LIMIT_MS, WARM_UP_SHARE * (pool.lastSeen - pool.firstSeen));
  for (const { time, durationMs } of pool.slowest) {
    const at = time <= until ? durations.indexOf(durationMs) : -1;
    if (at >= 0) durations.splice(at, 1);
  }
  return durations;
}

/** The release compared with began just as slowly, and the one at hand is still at its beginning. */
export function startsAlike(reference: OperationPool, now: OperationPool, seenMs: number): boolean {
  const [first, ...later] = reference.buckets;
  if (first === undefined || later.length === 0 || now.buckets.length > 1) return false;
  return first.samples.length >= FEW && bucketMedian(first) * ALIKE >= seenMs;
}

export function bucketMedian({ samples }: OperationBucket): number {
  return medianOf(samples.map(([, ms]) => ms));
}
