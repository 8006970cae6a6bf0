/**
 * P(Z > z) for a standard normal Z, with a relative error below 1.2e-7 far into the tail.
 * Source: complementary error function by Chebyshev fitting, Press et al., Numerical Recipes, section 6.2.
 */
export function normalTail(z: number): number {
  return 0.5 * complementaryError(z / Math.SQRT2);
}

const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
];

function complementaryError(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const polynomial = CHEBYSHEV.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const tail = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? tail : 2 - tail;
}
