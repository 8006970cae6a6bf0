import { linearRegression } from 'simple-statistics';

/** Below, a clock and a collection tell more than the work does. Milliseconds, bytes. */
const LEAST = { ms: 1e-5, bytes: 1 };

/**
 * The exponent k of value = c * size^k: the slope of a line through the logarithms, by least squares (empirical computational
 * complexity: Goldsmith, Aiken and Wilkerson, ESEC/FSE 2007). Small inputs show fixed costs, so the upper half of the sizes counts.
 * NaN with fewer than two sizes.
 */
export function growthExponent(sizes: readonly number[], values: readonly number[], unit: keyof typeof LEAST): number {
  const from = upperHalf(sizes);
  const points = sizes.slice(from).map((size, index) => [Math.log(size), Math.log(Math.max(values[from + index] ?? 0, LEAST[unit]))]);
  return points.length < 2 ? Number.NaN : linearRegression(points).m;
}

function upperHalf(sizes: readonly number[]): number {
  const kept = Math.max(FEWEST_POINTS, Math.ceil(sizes.length / 2));
  return Math.max(0, sizes.length - kept);
}

/** Through fewer points noise draws any line. */
const FEWEST_POINTS = 4;
