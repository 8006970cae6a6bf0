import type { TelemetrySnapshot } from '@selfheal/contracts';
import { releaseName } from '../naming/words.ts';
import { type OperationPool, poolOf } from '../operations/operation-pool.ts';
import { earlierReleases } from '../releases/live-releases.ts';
import { budgetSlowdown, medianOf, type Reference, type Slowdown, tailSlowdown, typicalSlowdown } from './slowdown.ts';
import { changePoint, recovered, seenBefore } from './time-axis.ts';
import { startsAlike, warmDurations } from './warm-up.ts';

/** Timed calls that each side of a comparison must have. */
export const MIN_CALLS = 12;
/** A tail needs more: its twentieth part must still be several calls. */
const MIN_TAIL_CALLS = 40;

/** A slowdown; `stands` where it lasts and is no level that was reached before. */
export interface Comparison extends Slowdown {
  readonly stands: boolean;
}

export interface JudgedOperation {
  readonly now: OperationPool;
  readonly comparisons: readonly Comparison[];
}

/**
 * Every comparison of an operation with what is expected of it, the preferred one first: its budget; else an earlier release, else
 * what was learned; and, where none of these shows anything, an earlier stretch of the same release.
 */
export function judgeOperation(now: OperationPool, all: readonly OperationPool[], snapshot: TelemetrySnapshot): Comparison[] {
  const durations = warmDurations(now);
  if (durations.length < MIN_CALLS) return [];
  const budget = budgetOf(now, snapshot.budgets);
  if (budget !== undefined)
    return [budgetSlowdown(budget.ms, budget.name, durations)].map((seen) => ({ ...seen, stands: lasts(now, seen) }));
  const known = referencePool(now, all, snapshot);
  const change = changePoint(now, MIN_CALLS);
  return [...(known === undefined ? [] : againstPool(now, durations, known)), ...(change === undefined ? [] : [change])];
}

interface ReferencePool {
  readonly pool: OperationPool;
  readonly reference: Reference;
  /** Earlier releases it was chosen from. */
  readonly choices: number;
}

function againstPool(now: OperationPool, durations: readonly number[], { pool, reference, choices }: ReferencePool): Comparison[] {
  const enoughForTail = Math.min(durations.length, reference.durations.length) >= MIN_TAIL_CALLS;
  const typical = typicalSlowdown(reference, durations);
  const seen = enoughForTail ? [typical, tailSlowdown(reference, durations)] : [typical];
  return seen.map((slowdown) => ({
    ...slowdown,
    pValue: Math.min(1, slowdown.pValue * choices),
    stands: lasts(now, slowdown) && !isKnown(pool, now, slowdown, typical.seenMs),
  }));
}

/** The level was reached before, or the reference began as slowly and this release is still at its beginning. */
function isKnown(pool: OperationPool, now: OperationPool, { seenMs, shape }: Slowdown, medianMs: number): boolean {
  return startsAlike(pool, now, medianMs) || (shape === 'typical' && seenBefore(pool.buckets, seenMs, MIN_CALLS));
}

function lasts(now: OperationPool, { expectedMs, shape }: Slowdown): boolean {
  return shape === 'tail' || !recovered(now, expectedMs, MIN_CALLS);
}

/** The fastest earlier release that has enough calls: a fault that two releases share stays one. */
function referencePool(now: OperationPool, all: readonly OperationPool[], snapshot: TelemetrySnapshot): ReferencePool | undefined {
  const names = new Set(earlierReleases(snapshot.releases, now.release).map(({ name }) => name));
  const earlier = all
    .filter(({ operation, release }) => operation === now.operation && names.has(release))
    .map((pool) => ({ pool, durations: warmDurations(pool) }))
    .filter(({ durations }) => durations.length >= MIN_CALLS)
    .sort((a, b) => medianOf(a.durations) - medianOf(b.durations));
  const fastest = earlier[0];
  if (fastest !== undefined) {
    const { pool, durations } = fastest;
    const reference = { from: 'release' as const, label: releaseName(pool.release), before: pool.release, durations, calls: pool.timed };
    return { pool, reference, choices: earlier.length };
  }
  return learnedPool(now, snapshot);
}

function learnedPool(now: OperationPool, { baselines }: TelemetrySnapshot): ReferencePool | undefined {
  const learned = baselines.find(({ operation }) => operation === now.operation);
  if (learned === undefined) return undefined;
  const pool = poolOf(learned.stats, learned.release);
  const durations = pool.samples.map(([, ms]) => ms);
  if (durations.length < MIN_CALLS) return undefined;
  const label = `what was learned until ${new Date(learned.until).toISOString()}`;
  return { pool, reference: { from: 'baseline', label, before: learned.release, durations, calls: pool.timed }, choices: 1 };
}

function budgetOf({ operation, handler }: OperationPool, budgets: TelemetrySnapshot['budgets']): { name: string; ms: number } | undefined {
  for (const name of [operation, handler]) {
    const ms = name === undefined ? undefined : budgets[name];
    if (name !== undefined && ms !== undefined) return { name, ms };
  }
  return undefined;
}
