/**
 * Log Bayes factor that `seen` of `trials` follow another rate than the baseline's `baseSeen` of `baseTrials`.
 * H0: beta-binomial around the baseline's rate; the baseline counts for at most `MEMORY` (`MIXED_MEMORY`) trials, since rates drift from minute to minute
 * (overdispersion). `loss` is the share of what happens now that is not collected: so much less is expected. H1: any rate is equally likely. Bayes factors of two binomials: Kass and Raftery, "Bayes Factors", JASA 90 (1995).
 */
export function rateChange(baseSeen: number, baseTrials: number, seen: number, trials: number, loss = 0): number {
  if (trials === 0) return 0;
  const isMixed = baseSeen > 0 && baseSeen < baseTrials;
  const expected = baseSeen * (1 - loss);
  const shrink = Math.min(1, (isMixed ? MIXED_MEMORY : MEMORY) / Math.max(1, baseTrials));
  const alpha = expected * shrink + 0.5;
  const beta = (baseTrials - expected) * shrink + 0.5;
  const same = logBeta(seen + alpha, trials - seen + beta) - logBeta(alpha, beta);
  const other = logBeta(seen + 1, trials - seen + 1);
  return other - same;
}

const MEMORY = 60;
/** What happens in some requests only depends on what is asked for, and that drifts far more than what happens always or never. */
const MIXED_MEMORY = 8;

/** Logarithm of Euler's beta function. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Lanczos' approximation (g = 7, nine terms); about fifteen digits for x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0.99999999999980993;
  for (const [index, term] of LANCZOS.entries()) sum += term / (z + index + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];
