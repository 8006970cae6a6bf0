/** How often a line ran in failing and passing observations: run and failed, run and passed, not run and failed, not run and passed. */
export interface Spectrum {
  readonly ef: number;
  readonly ep: number;
  readonly nf: number;
  readonly np: number;
}

/** Ochiai (Abreu, Zoeteweij, van Gemund, PRDC 2006). 0..1. */
export function ochiai({ ef, ep, nf }: Spectrum): number {
  const denominator = Math.sqrt((ef + nf) * (ef + ep));
  return denominator === 0 ? 0 : ef / denominator;
}

/** D* with the star 2 (Wong, Debroy, Gao, Li, IEEE Transactions on Reliability 2014), brought to 0..1 by x / (1 + x). */
export function dstar({ ef, ep, nf }: Spectrum): number {
  if (ef === 0) return 0;
  if (ep + nf === 0) return 1;
  const value = ef ** 2 / (ep + nf);
  return value / (1 + value);
}

/** Tarantula (Jones, Harrold, Stasko, ICSE 2002). 0..1. */
export function tarantula({ ef, ep, nf, np }: Spectrum): number {
  const failed = ef + nf === 0 ? 0 : ef / (ef + nf);
  const passed = ep + np === 0 ? 0 : ep / (ep + np);
  return failed + passed === 0 ? 0 : failed / (failed + passed);
}
