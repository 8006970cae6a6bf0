/** Milliseconds as people say them. */
export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return ms >= 1 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`;
}

export function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 10 ? `${value.toFixed(1)} %` : `${value.toFixed(0)} %`;
}

/** A p-value to the precision in which it can be trusted. */
export function probability(p: number): string {
  if (p < 1e-12) return 'p < 1e-12';
  return p < 0.001 ? `p = ${p.toExponential(0)}` : `p = ${p.toFixed(3)}`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Release names are often whole commit hashes. */
export function releaseName(name: string): string {
  if (name === '') return 'the only release seen';
  return /^[0-9a-f]{12,40}$/.test(name) ? `release ${name.slice(0, 12)}` : `release ${name}`;
}
