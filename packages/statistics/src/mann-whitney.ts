import { normalTail } from './normal-tail.ts';

export interface RankTest {
  /** Pairs (a, b) with a > b, ties counted half. */
  readonly u: number;
  /** Share of the pairs in which a > b, ties counted half: 0.5 where the samples are alike, or one is empty. */
  readonly superiority: number;
  /** One-sided: how likely so large a `u` is where both samples come from the same source. */
  readonly pGreater: number;
  /** One-sided: how likely so small a `u` is. */
  readonly pLess: number;
}

/** Sizes (n times m) up to which the exact distribution is counted out: the normal approximation is too timid in its tail. */
const EXACT_PAIRS = 900;

/**
 * Rank test of two samples (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
 * other", 1947). Exact for small samples, with ties too: the distribution over all ways to part the pooled values, by the shift
 * algorithm (Streitberg and Röhmel, 1986). Else by the normal approximation with continuity and tie correction (Lehmann,
 * "Nonparametrics", 1975). With an empty sample both probabilities are 1.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const [n, m] = [a.length, b.length];
  const pairs = n * m;
  if (pairs === 0) return { u: 0, superiority: 0.5, pGreater: 1, pLess: 1 };
  const { ranks, tieTerm } = doubledRanks([...a, ...b]);
  const seen = sum(ranks.slice(0, n));
  const u = (seen - n * (n + 1)) / 2;
  const superiority = u / pairs;
  if (pairs <= EXACT_PAIRS) return { u, superiority, ...exact(ranks, n, seen) };
  return { u, superiority, pGreater: normalUpper(u, n, m, tieTerm), pLess: normalUpper(pairs - u, n, m, tieTerm) };
}

/** Twice the rank of each value, so that the middle ranks of ties are whole numbers; and the sum of t³ - t over groups of ties. */
function doubledRanks(values: readonly number[]): { ranks: number[]; tieTerm: number } {
  const order = values.map((value, index) => ({ value, index })).sort((left, right) => left.value - right.value);
  const ranks = new Array<number>(values.length).fill(0);
  let tieTerm = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) ranks[index] = start + 1 + end;
    tieTerm += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, tieTerm };
}

/** Shares of the ways to choose `size` of the ranks whose sum is at least, and at most, the one seen. */
function exact(ranks: readonly number[], size: number, seen: number): { pGreater: number; pLess: number } {
  let [atLeast, atMost, all] = [0, 0, 0];
  for (const [total, count] of rankSumWays(ranks, size).entries()) {
    all += count;
    if (total >= seen) atLeast += count;
    if (total <= seen) atMost += count;
  }
  return { pGreater: atLeast / all, pLess: atMost / all };
}

/** In how many ways `size` of the ranks add up to each sum (the index). */
function rankSumWays(ranks: readonly number[], size: number): Float64Array {
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(sum(ranks) + 1));
  const [none] = ways;
  if (none !== undefined) none[0] = 1;
  let reached = 0;
  for (const [taken, rank] of ranks.entries()) {
    reached += rank;
    for (let chosen = Math.min(size, taken + 1); chosen > 0; chosen -= 1) {
      const [to, from] = [ways[chosen], ways[chosen - 1]];
      if (to === undefined || from === undefined) continue;
      for (let total = rank; total <= reached; total += 1) to[total] = (to[total] ?? 0) + (from[total - rank] ?? 0);
    }
  }
  return ways[size] ?? new Float64Array(1);
}

function normalUpper(u: number, n: number, m: number, tieTerm: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  return variance <= 0 ? 1 : normalTail((u - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
