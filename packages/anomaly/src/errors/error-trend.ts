import type { ErrorDetails, TelemetrySlice } from '@selfheal/contracts';
import { binomialTail } from '@selfheal/statistics';
import { earlierReleases, type ReleaseSeen } from '../releases/live-releases.ts';

export interface Trend {
  readonly trend: ErrorDetails['trend'];
  /** Now against before, per call; undefined where nothing tells what was before. */
  readonly ratio: number | undefined;
  readonly pValue: number;
  readonly newInRelease: string | undefined;
  /** The release that did not have it, where it is back. */
  readonly goneIn?: string;
}

const ALPHA = 1e-3;
const RISE = 2;
const MIN_COUNT = 5;
/** An error at today's rate would have been seen with 95 % chance ("rule of three", Hanley & Lippman-Hand 1983). */
const WOULD_BE_SEEN = 3;

/**
 * How an error's rate per call changed: against earlier releases, else against the first half of the window. Counts are compared by
 * the conditional binomial test of two Poisson rates (Przyborowski & Wilenski 1940).
 */
export function trendOf(error: { release: string; fingerprint: string }, exposure: Exposure, releases: readonly ReleaseSeen[]): Trend {
  const earlier = earlierReleases(releases, error.release).map(({ name }) => name);
  const now = exposure.of((slice) => slice.release === error.release);
  const before = exposure.of((slice) => earlier.includes(slice.release));
  if (before.calls > 0) {
    const goneIn = releaseWithout(earlier, now, exposure);
    return goneIn === undefined
      ? compare(before, now, error.release)
      : { trend: 'regressed', ratio: undefined, pValue: 1, newInRelease: undefined, goneIn };
  }
  const own = exposure.slices.filter(({ release }) => release === error.release);
  const middle = own.length < 2 ? undefined : (own[0]?.bucketStart ?? 0) / 2 + (own.at(-1)?.bucketStart ?? 0) / 2;
  if (middle === undefined) return { trend: 'steady', ratio: undefined, pValue: 1, newInRelease: undefined };
  const sides = [(start: number) => start <= middle, (start: number) => start > middle].map((side) =>
    exposure.of(({ release, bucketStart }) => release === error.release && side(bucketStart)),
  );
  return compare(sides[0] ?? before, sides[1] ?? now, undefined);
}

/** Calls of an error's operations (else all events) and its occurrences, by slice. */
export interface Exposure {
  readonly slices: readonly TelemetrySlice[];
  of(where: (slice: TelemetrySlice) => boolean): { readonly calls: number; readonly errors: number };
}

export function exposureOf(slices: readonly TelemetrySlice[], fingerprint: string, operations: readonly string[]): Exposure {
  const sorted = [...slices].sort((a, b) => a.bucketStart - b.bucketStart);
  const callsIn = (slice: TelemetrySlice): number =>
    operations.length === 0
      ? slice.events
      : slice.operations.filter(({ operation }) => operations.includes(operation)).reduce((sum, { count }) => sum + count, 0);
  const errorsIn = (slice: TelemetrySlice): number => slice.errors.find((one) => one.fingerprint === fingerprint)?.count ?? 0;
  return {
    slices: sorted,
    of(where) {
      const within = sorted.filter(where);
      return {
        calls: within.reduce((sum, slice) => sum + callsIn(slice), 0),
        errors: within.reduce((sum, slice) => sum + errorsIn(slice), 0),
      };
    },
  };
}

/**
 * The newest earlier release that had enough calls to show the error at today's rate and did not, where one before it did: the error
 * was mended there and is back. By release, never by time alone: a quiet hour mends nothing.
 */
function releaseWithout(earlier: readonly string[], now: { calls: number; errors: number }, exposure: Exposure): string | undefined {
  const seen = earlier.map((name) => ({ name, ...exposure.of(({ release }) => release === name) }));
  const judged = seen.findLastIndex(({ calls, errors }) => errors > 0 || (calls * now.errors) / Math.max(1, now.calls) >= WOULD_BE_SEEN);
  const newest = seen[judged];
  if (newest === undefined || newest.errors > 0) return undefined;
  return seen.slice(0, judged).some(({ errors }) => errors > 0) ? newest.name : undefined;
}

function compare(before: { calls: number; errors: number }, now: { calls: number; errors: number }, release: string | undefined): Trend {
  const calls = before.calls + now.calls;
  const errors = before.errors + now.errors;
  const rise = binomialTail(now.errors, errors, now.calls / Math.max(1, calls));
  const fall = binomialTail(before.errors, errors, before.calls / Math.max(1, calls));
  const ratio = before.errors === 0 ? undefined : now.errors / Math.max(1, now.calls) / (before.errors / Math.max(1, before.calls));
  const expected = (before.calls * now.errors) / Math.max(1, now.calls);
  if (before.errors === 0 && now.errors > 0 && expected >= WOULD_BE_SEEN)
    return { trend: 'new', ratio, pValue: rise, newInRelease: release };
  if (rise < ALPHA && now.errors >= MIN_COUNT && (ratio ?? RISE) >= RISE)
    return { trend: 'rising', ratio, pValue: rise, newInRelease: undefined };
  if (fall < ALPHA && before.errors >= MIN_COUNT && (ratio ?? 0) <= 1 / RISE)
    return { trend: 'falling', ratio, pValue: fall, newInRelease: undefined };
  return { trend: 'steady', ratio, pValue: Math.min(rise, fall), newInRelease: undefined };
}
