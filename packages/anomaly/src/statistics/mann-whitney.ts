import { normalTail } from './normal-tail.ts';

export interface RankTest {
  /** P of a shift this large or larger where both samples come from one distribution. */
  readonly pValue: number;
  /** Share of pairs in which `after` exceeds `before`, ties counted half: 0.5 where nothing changed. */
  readonly superiority: number;
}

/** Up to this size, and without ties, the exact distribution is used: the normal approximation is too timid in its tail. */
const EXACT_LIMIT = 30;

/**
 * One-sided Mann–Whitney U test that `after` is stochastically greater than `before`.
 * Source: Mann & Whitney (1947), Ann. Math. Statist. 18; variance corrected for ties and continuity as in Lehmann, Nonparametrics (1975).
 */
export function mannWhitneyGreater(before: readonly number[], after: readonly number[]): RankTest {
  const n = before.length;
  const m = after.length;
  if (n === 0 || m === 0) return { pValue: 1, superiority: 0.5 };
  const { rankSumAfter, tieTerm } = rank(before, after);
  const u = rankSumAfter - (m * (m + 1)) / 2;
  const superiority = u / (n * m);
  if (tieTerm === 0 && n <= EXACT_LIMIT && m <= EXACT_LIMIT) return { pValue: exactTail(n, m, u), superiority };
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  if (variance <= 0) return { pValue: 1, superiority };
  return { pValue: normalTail((u - (n * m) / 2 - 0.5) / Math.sqrt(variance)), superiority };
}

/** Rank sum of `after` with mid-ranks, and the sum of t³ - t over groups of ties. */
function rank(before: readonly number[], after: readonly number[]): { rankSumAfter: number; tieTerm: number } {
  const pooled = [...before.map((value) => ({ value, after: 0 })), ...after.map((value) => ({ value, after: 1 }))].sort(
    (a, b) => a.value - b.value,
  );
  let rankSumAfter = 0;
  let tieTerm = 0;
  for (let start = 0; start < pooled.length; ) {
    let end = start;
    let ofAfter = 0;
    while (end < pooled.length && pooled[end]?.value === pooled[start]?.value) ofAfter += pooled[end++]?.after ?? 0;
    const size = end - start;
    rankSumAfter += ofAfter * ((start + 1 + end) / 2);
    tieTerm += size ** 3 - size;
    start = end;
  }
  return { rankSumAfter, tieTerm };
}

/** P(U >= u) by counting the arrangements with the recurrence of Mann & Whitney: counts(n, m, u) = counts(n, m-1, u) + counts(n-1, m, u-m). */
function exactTail(n: number, m: number, u: number): number {
  let rows = Array.from({ length: n + 1 }, () => [1]);
  for (let j = 1; j <= m; j++) {
    const next: number[][] = [[1]];
    for (let i = 1; i <= n; i++) next.push(addShifted(rows[i] ?? [], next[i - 1] ?? [], j));
    rows = next;
  }
  const counts = rows[n] ?? [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(Math.ceil(u)).reduce((sum, count) => sum + count, 0) / total;
}

function addShifted(base: readonly number[], other: readonly number[], shift: number): number[] {
  const sum = new Array<number>(Math.max(base.length, other.length + shift)).fill(0);
  base.forEach((count, at) => {
    sum[at] = (sum[at] ?? 0) + count;
  });
  other.forEach((count, at) => {
    sum[at + shift] = (sum[at + shift] ?? 0) + count;
  });
  return sum;
}
