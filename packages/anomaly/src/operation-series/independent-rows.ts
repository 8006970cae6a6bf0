import { mean } from 'simple-statistics';

/** Rows over which a slow course (load over the day) is taken off before neighbours are compared. */
const COURSE_ROWS = 60;

/**
 * How many rows in a row count as one observation: (1 + r) / (1 - r) where r is the correlation of neighbours, without the slow course. A rank
 * test takes its values for independent; the minutes of a service that is busy for a while are not.
 * Source: Bartlett, "Some aspects of the time-correlation problem" (Journal of the Royal Statistical Society, 1935).
 */
export function rowsPerObservation(values: readonly number[]): number {
  let course = values[0] ?? 0;
  const rests = values.map((value, row) => {
    course += (value - course) / Math.min(row + 1, COURSE_ROWS);
    return value - course;
  });
  const own = rests.reduce((sum, rest) => sum + rest * rest, 0);
  const withNext = rests.reduce((sum, rest, row) => sum + rest * (rests[row + 1] ?? 0), 0);
  const correlation = own === 0 ? 0 : Math.min(0.99, Math.max(0, withNext / own));
  return Math.round((1 + correlation) / (1 - correlation));
}

/** Means of so many rows each; what is left over at the end is one more. */
export function observations(values: readonly number[], rows: number): number[] {
  const all: number[] = [];
  for (let at = 0; at < values.length; at += rows) all.push(mean(values.slice(at, at + rows)));
  return all;
}
