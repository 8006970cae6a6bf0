/**
 * P(X >= successes) for X ~ Binomial(trials, p). With p = 1/2 this is the one-sided sign test.
 * Source: exact sum of the binomial distribution in log space; Conover, Practical Nonparametric Statistics, section 3.
 */
export function binomialTail(successes: number, trials: number, p: number): number {
  if (successes <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let tail = 0;
  for (let k = successes; k <= trials; k++) tail += Math.exp(logChoose(trials, k) + k * Math.log(p) + (trials - k) * Math.log1p(-p));
  return Math.min(1, tail);
}

/**
 * One-sided exact test of Fisher that the second share is the greater: P of at least `hits` hits in the second group, margins fixed.
 * Source: Fisher (1935), The Logic of Inductive Inference.
 */
export function fisherGreater(before: { hits: number; total: number }, after: { hits: number; total: number }): number {
  const hits = before.hits + after.hits;
  const total = before.total + after.total;
  const most = Math.min(hits, after.total);
  let tail = 0;
  for (let k = after.hits; k <= most; k++) {
    if (hits - k > before.total) continue;
    tail += Math.exp(logChoose(after.total, k) + logChoose(before.total, hits - k) - logChoose(total, hits));
  }
  return Math.min(1, tail);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const LOG_FACTORIALS = [0, 0];
const TABLE_SIZE = 4096;

/** Exact sums up to the table's size, beyond it Stirling's series (error below 1e-16 there). */
function logFactorial(n: number): number {
  if (n >= TABLE_SIZE) return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n);
  for (let next = LOG_FACTORIALS.length; next <= n; next++) LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] ?? 0) + Math.log(next));
  return LOG_FACTORIALS[n] ?? 0;
}
