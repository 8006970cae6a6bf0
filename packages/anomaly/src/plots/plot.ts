import type { Plot } from '@selfheal/contracts';

export type Point = Plot['before'][number];

const MAX_POINTS = 200;

/** A plot whose sides are in order of time and cut to the points nearest to where they meet. */
export function plotOf(measure: string, before: readonly Point[], after: readonly Point[], expected?: number): Plot {
  return {
    measure,
    before: ordered(before).slice(-MAX_POINTS),
    after: ordered(after).slice(0, MAX_POINTS),
    ...(expected === undefined ? {} : { expected }),
  };
}

function ordered(points: readonly Point[]): Point[] {
  return points.filter(([, value]) => Number.isFinite(value)).sort((a, b) => a[0] - b[0]);
}
