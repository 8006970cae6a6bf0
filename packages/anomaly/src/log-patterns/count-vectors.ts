import type { LogWindow } from './log-windows.ts';

/** From some window to the last one, the mix of lines is like none that was seen before. */
export interface MixChange {
  /** Index of the first window of the new mix. */
  readonly since: number;
  /** Distance of each window to the nearest one it is compared with, 0 to 1. */
  readonly distances: readonly number[];
  /** Distance that was allowed. */
  readonly allowed: number;
  /** Windows that the others are compared with: the first ones. */
  readonly reference: number;
}

/** A single odd window is a burst, not a change. */
const LEAST_CHANGED = 4;
const LEAST_REFERENCE = 10;
/** How far beyond the most isolated window of the reference a window must lie. */
const MARGIN = 1.15;
/** Windows differ this much at least, however alike the reference is: Hellinger distance. */
const LEAST_DISTANCE = 0.2;

/**
 * Count vectors (Landauer et al. 2024, after Lou et al., USENIX ATC 2010): how often each kind of line was logged, as shares, so that
 * load changes nothing. A window is odd where it lies farther from every reference window than any of these from its nearest
 * neighbour; the distance is Hellinger's, whose noise does not depend on how frequent a kind is. Undefined where the last windows are like
 * those before.
 */
export function findMixChange(windows: readonly LogWindow[]): MixChange | undefined {
  const reference = windows.slice(0, Math.max(LEAST_REFERENCE, Math.floor(windows.length / 2)));
  if (windows.length < reference.length + LEAST_CHANGED) return undefined;
  const isolation = Math.max(
    ...reference.map((window) =>
      nearest(
        window,
        reference.filter((other) => other !== window),
      ),
    ),
  );
  const allowed = Math.max(LEAST_DISTANCE, isolation * MARGIN);
  const distances = windows.map((window) =>
    nearest(
      window,
      reference.filter((other) => other !== window),
    ),
  );
  const lastKnown = distances.findLastIndex((distance) => distance <= allowed);
  const since = lastKnown + 1;
  return windows.length - since >= LEAST_CHANGED ? { since, distances, allowed, reference: reference.length } : undefined;
}

function nearest(window: LogWindow, others: readonly LogWindow[]): number {
  return others.reduce((least, other) => Math.min(least, hellinger(window, other)), 1);
}

function hellinger(a: LogWindow, b: LogWindow): number {
  let overlap = 0;
  for (const [id, { count }] of a.counts) overlap += Math.sqrt((count / a.lines) * ((b.counts.get(id)?.count ?? 0) / b.lines));
  return Math.sqrt(Math.max(0, 1 - overlap));
}
