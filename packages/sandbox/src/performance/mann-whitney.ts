import { errorFunction } from 'simple-statistics';

export interface RankTest {
  /** Pairs (a, b) with a > b, ties counted half. */
  readonly u: number;
  /** One-sided: how likely so large a `u` is where both samples come from the same source. */
  readonly pGreater: number;
  /** One-sided: how likely so small a `u` is. */
  readonly pLess: number;
}

/** Sizes up to which the exact distribution is counted out; beyond, the normal approximation is as good. */
const EXACT_PAIRS = 400;

/**
 * Rank test of two samples (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
 * other", 1947). Exact for small samples without ties; else by the normal approximation with continuity and tie correction
 * (Lehmann, "Nonparametrics", 1975). With an empty sample both probabilities are 1.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const pairs = a.length * b.length;
  let u = 0;
  for (const left of a) for (const right of b) u += left > right ? 1 : left === right ? 0.5 : 0;
  if (pairs === 0) return { u: 0, pGreater: 1, pLess: 1 };
  const ties = tieSizes([...a, ...b]);
  if (ties.length === 0 && pairs <= EXACT_PAIRS)
    return { u, pGreater: exactUpper(a.length, b.length, u), pLess: exactUpper(a.length, b.length, pairs - u) };
  return { u, pGreater: normalUpper(u, a.length, b.length, ties), pLess: normalUpper(pairs - u, a.length, b.length, ties) };
}

/** Share of the orderings of n and m values whose statistic is at least `u`: ways(n, m, u) = ways(n-1, m, u-m) + ways(n, m-1, u). */
function exactUpper(n: number, m: number, u: number): number {
  const known = new Map<string, number>();
  const ways = (left: number, right: number, sum: number): number => {
    if (sum < 0 || sum > left * right) return 0;
    if (left === 0 || right === 0) return sum === 0 ? 1 : 0;
    const key = `${left},${right},${sum}`;
    const found = known.get(key) ?? ways(left - 1, right, sum - right) + ways(left, right - 1, sum);
    known.set(key, found);
    return found;
  };
  let atLeast = 0;
  let all = 0;
  for (let sum = 0; sum <= n * m; sum += 1) {
    const count = ways(n, m, sum);
    all += count;
    if (sum >= u) atLeast += count;
  }
  return atLeast / all;
}

function normalUpper(u: number, n: number, m: number, ties: readonly number[]): number {
  const total = n + m;
  const tied = ties.reduce((sum, size) => sum + (size ** 3 - size), 0);
  const variance = ((n * m) / 12) * (total + 1 - tied / (total * (total - 1)));
  if (variance <= 0) return 1;
  const z = (u - (n * m) / 2 - 0.5) / Math.sqrt(variance);
  return 0.5 * (1 - errorFunction(z / Math.SQRT2));
}

function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}
