import { errorFunction } from 'simple-statistics';

export interface RankTest {
  /** Pairs (a, b) with a > b, ties counted half. */
  readonly u: number;
  /** One-sided: how likely so large a `u` is where both samples come from the same source. */
  readonly pGreater: number;
  /** One-sided: how likely so small a `u` is. */
  readonly pLess: number;
}

/** Sizes (n times m) up to which the exact distribution is counted out; beyond, the normal approximation is as good. */
const EXACT_PAIRS = 400;

/**
 * Rank test of two samples (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
 * other", 1947). Exact for small samples, with ties too: the distribution over all ways to part the pooled values, by the shift
 * algorithm (Streitberg and Röhmel, 1986). Else by the normal approximation with continuity and tie correction (Lehmann,
 * "Nonparametrics", 1975). With an empty sample both probabilities are 1.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const pairs = a.length * b.length;
  let u = 0;
  for (const left of a) for (const right of b) u += left > right ? 1 : left === right ? 0.5 : 0;
  if (pairs === 0) return { u: 0, pGreater: 1, pLess: 1 };
  if (pairs <= EXACT_PAIRS) return { u, ...exact(a, b, u) };
  const ties = tieSizes([...a, ...b]);
  return { u, pGreater: normalUpper(u, a.length, b.length, ties), pLess: normalUpper(pairs - u, a.length, b.length, ties) };
}

/** Shares of the ways to choose `a.length` of all values whose `u` is at least, and at most, the one seen. */
function exact(a: readonly number[], b: readonly number[], u: number): { pGreater: number; pLess: number } {
  const ways = rankSumWays(doubledRanks([...a, ...b]), a.length);
  // u = rank sum - n(n + 1) / 2; ranks are doubled, so that those of ties are whole numbers.
  const seen = Math.round(2 * u) + a.length * (a.length + 1);
  let [atLeast, atMost, all] = [0, 0, 0];
  for (const [sum, count] of ways.entries()) {
    all += count;
    if (sum >= seen) atLeast += count;
    if (sum <= seen) atMost += count;
  }
  return { pGreater: atLeast / all, pLess: atMost / all };
}

/** In how many ways `size` of the ranks add up to each sum (the index). */
function rankSumWays(ranks: readonly number[], size: number): Float64Array {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  const [none] = ways;
  if (none) none[0] = 1;
  for (const rank of ranks) {
    for (let chosen = size; chosen > 0; chosen -= 1) {
      const [to, from] = [ways[chosen], ways[chosen - 1]];
      if (to && from) for (let sum = most; sum >= rank; sum -= 1) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  return ways[size] ?? new Float64Array(1);
}

/** Twice the rank of each value; tied ones share the middle of their ranks. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * below + equal + 1;
  });
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
