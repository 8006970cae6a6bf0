import type { RecordedCall } from '@selfheal/contracts';
import { inputsOf } from '../logged-data.ts';

const MIN_CALLS = 8;
const MIN_SIZES = 3;
const MAX_DEPTH = 6;

/** How the duration of an operation grows with some size in its input. */
export interface Growth {
  /** The path of the size that fits best, e.g. `lines.length` or `quantity`. */
  readonly by: string;
  /** Exponent of the power law: 0 flat, 1 linear, 2 quadratic. */
  readonly exponent: number;
  /** Share of the variance explained (r squared of the logarithms). */
  readonly fit: number;
  readonly calls: number;
}

/**
 * Fits `duration = c * size^exponent` for every size found in recorded inputs (lengths of lists, counts) by least squares on
 * logarithms, and returns the best fit. Undefined where the calls carry too few sizes.
 */
export function measureGrowth(calls: readonly RecordedCall[]): Growth | undefined {
  const points = new Map<string, [number, number][]>();
  for (const call of calls) {
    if (call.durationMs === undefined || call.durationMs <= 0) continue;
    const sizes = new Map<string, number>();
    for (const input of inputsOf(call)) collectSizes(input, '', sizes, 0);
    for (const [path, size] of sizes) points.set(path, [...(points.get(path) ?? []), [Math.log(size), Math.log(call.durationMs)]]);
  }
  const fits = [...points].flatMap(([by, pairs]) => {
    if (pairs.length < MIN_CALLS || new Set(pairs.map(([size]) => size)).size < MIN_SIZES) return [];
    return { by, ...leastSquares(pairs), calls: pairs.length };
  });
  return fits.sort((a, b) => b.fit - a.fit)[0];
}

function collectSizes(value: unknown, path: string, sizes: Map<string, number>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && path !== '') sizes.set(path, value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > 0) sizes.set(path === '' ? 'length' : `${path}.length`, value.length);
    return;
  }
  for (const [field, inner] of Object.entries(value)) collectSizes(inner, path === '' ? field : `${path}.${field}`, sizes, depth + 1);
}

function leastSquares(pairs: readonly (readonly [number, number])[]): { exponent: number; fit: number } {
  const mean = (pick: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[pick], 0) / pairs.length;
  const meanX = mean(0);
  const meanY = mean(1);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  return { exponent: xx === 0 ? 0 : xy / xx, fit: xx === 0 || yy === 0 ? 0 : xy ** 2 / (xx * yy) };
}
