import type { TelemetrySnapshot } from '@selfheal/contracts';
import { liveReleases } from '../releases/live-releases.ts';
import { type ErrorPool, poolErrors } from './error-pool.ts';
import { type Exposure, exposureOf } from './error-trend.ts';

/** What tells how errors stand. */
export type ErrorsSeen = Pick<TelemetrySnapshot, 'slices' | 'releases' | 'window'>;

export interface NewestError {
  /** Of the newest release that has it. */
  readonly pool: ErrorPool;
  /** A newer live release that had enough calls to show it and did not; undefined where there is none. */
  readonly mendedIn: string | undefined;
}

/** An error at its rate would have been seen with 95 % chance (rule of three). */
const WOULD_BE_SEEN = 3;

/** Each error in the newest release that has it, and whether a newer one mended it. */
export function newestErrors(seen: ErrorsSeen): NewestError[] {
  const live = liveReleases(seen).map(({ name }) => name);
  const order = [...live, ...seen.releases.map(({ name }) => name).reverse()];
  return [...Map.groupBy(poolErrors(seen.slices), ({ stats }) => stats.fingerprint).values()].flatMap((same) => {
    const pool = order.map((name) => same.find(({ release }) => release === name)).find((found) => found !== undefined);
    return pool === undefined ? [] : [{ pool, mendedIn: isMended(pool, live, seen) ? live[0] : undefined }];
  });
}

export function exposureFor({ stats }: ErrorPool, { slices }: Pick<ErrorsSeen, 'slices'>): Exposure {
  return exposureOf(slices, stats.fingerprint, Object.keys(stats.operations));
}

function isMended(pool: ErrorPool, live: readonly string[], seen: ErrorsSeen): boolean {
  if (live.includes(pool.release)) return false;
  const exposure = exposureFor(pool, seen);
  const then = exposure.of(({ release }) => release === pool.release);
  const since = exposure.of(({ release }) => live.includes(release));
  return (since.calls * then.errors) / Math.max(1, then.calls) >= WOULD_BE_SEEN;
}
