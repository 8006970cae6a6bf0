import type { LearnedModel } from '@selfheal/contracts';
import { z } from 'zod';

/** What speaks for a patch; shares in 0..1 but for the count of tests. */
export interface Evidence {
  /** The proof of its class holds. */
  readonly proof: number;
  readonly diagnosis: number;
  /** Prior of its fix template; for a test alone, the share of mutants that it killed. */
  readonly template: number;
  /** How many other tests still pass; a count. */
  readonly otherTests: number;
  readonly changedLinesCovered: number;
}

/**
 * How much each piece of evidence lowers the chance that the patch is wrong, before anything was learned. A reproduction that fails
 * before and passes after is worth most; published repair tools that stop at "all tests pass" are right in about half of the cases,
 * those with the true location and an own reproduction in clearly more, hence 0.6 for the proof alone.
 */
const WEIGHTS = { proof: 0.6, diagnosis: 0.4, template: 0.3, otherTests: 0.3, changedLinesCovered: 0.2 } as const;
/** So many other tests count as half of a full suite. */
const HALF_SUITE = 10;
/** The prior counts as much as this many outcomes. */
const PRIOR_STRENGTH = 10;

const calibration = z.object({ bins: z.array(z.object({ from: z.number(), to: z.number(), right: z.number(), total: z.number() })) });

/** Evidence as if independent (noisy or): 1 - product of (1 - weight x strength). 0 without a proof. */
export function priorConfidence(evidence: Evidence): number {
  if (evidence.proof === 0) return 0;
  const strengths: Evidence = { ...evidence, otherTests: evidence.otherTests / (evidence.otherTests + HALF_SUITE) };
  const kinds = ['proof', 'diagnosis', 'template', 'otherTests', 'changedLinesCovered'] as const;
  return 1 - kinds.reduce((doubt, kind) => doubt * (1 - WEIGHTS[kind] * Math.min(1, Math.max(0, strengths[kind]))), 1);
}

/**
 * Corrects a confidence by how often patches of the class with such a confidence turned out right: the mean of a Beta posterior whose
 * prior is the confidence itself.
 */
export function calibrate(confidence: number, key: string, models: readonly LearnedModel[]): number {
  const model = models.find((one) => one.kind === 'calibration' && one.key === key);
  const parsed = calibration.safeParse(model?.value);
  const bin = parsed.data?.bins.find(({ from, to }) => confidence >= from && (confidence < to || (to >= 1 && confidence <= 1)));
  if (bin === undefined) return confidence;
  return (bin.right + PRIOR_STRENGTH * confidence) / (bin.total + PRIOR_STRENGTH);
}
