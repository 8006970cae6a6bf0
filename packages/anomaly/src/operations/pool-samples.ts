/** A duration with the hash of its event: [hash, ms]. */
export type Sample = readonly [hash: number, ms: number];

/** Part of a population: `timed` members, of which the ones with the smallest hashes are kept. */
export interface SampledPart {
  readonly timed: number;
  readonly samples: readonly Sample[];
}

/**
 * Pools bottom-k samples so that each member of the union keeps the same chance: where a part was cut at its largest kept hash,
 * larger hashes of the other parts are left out too. In order of hash, at most `limit`.
 * Source: Cohen & Kaplan (2007), Summarizing data using bottom-k sketches.
 */
export function poolSamples(parts: readonly SampledPart[], limit: number): Sample[] {
  const cut = parts.reduce((least, part) => Math.min(least, largestFairHash(part)), Number.POSITIVE_INFINITY);
  return parts
    .flatMap((part) => part.samples.filter(([hash]) => hash <= cut))
    .sort((a, b) => a[0] - b[0])
    .slice(0, limit);
}

function largestFairHash({ timed, samples }: SampledPart): number {
  if (samples.length >= timed) return Number.POSITIVE_INFINITY;
  return samples.reduce((largest, [hash]) => Math.max(largest, hash), Number.NEGATIVE_INFINITY);
}
