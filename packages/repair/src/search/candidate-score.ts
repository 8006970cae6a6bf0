import type { AnomalyType, Candidate, IssueAnalysis, LearnedModel } from '@selfheal/contracts';

/** How much what was shown before is weighed against the rate at the start, in observations. */
const PRIOR_STRENGTH = 4;
/** Each further cause of the diagnosis counts this much less than the one before. */
const RANK_DECAY = 0.8;

/** Mean of the Beta prior of (class, who proposed): the learned counts, or the own rate where nothing was learned. 0..1. */
export function learnedPrior(
  proposed: { readonly name: string; readonly prior: number },
  type: AnomalyType,
  priors: readonly LearnedModel[],
): number {
  const model = priors.find((one) => one.kind === 'prior' && one.key === `${type}|${proposed.name}`);
  const { alpha, beta } = model?.value ?? {};
  if (typeof alpha === 'number' && typeof beta === 'number' && alpha + beta > 0) {
    const weight = Math.min(1, (alpha + beta) / PRIOR_STRENGTH);
    return weight * (alpha / (alpha + beta)) + (1 - weight) * proposed.prior;
  }
  return proposed.prior;
}

/** How well a place fits the diagnosis: 1 at the cause, less at each alternative, least elsewhere. */
export function placeWeight(location: Candidate['location'], { rootCause, alternatives }: IssueAnalysis): number {
  const causes = [rootCause, ...alternatives];
  const contains = (place: Candidate['location']) =>
    place.file === location.file &&
    location.line <= Math.max(place.line, place.endLine ?? 0) &&
    (location.endLine ?? location.line) >= place.line;
  const rank = causes.findIndex((cause) => contains(cause.location));
  const inFile = causes.findIndex((cause) => cause.location.file === location.file);
  if (rank >= 0) return RANK_DECAY ** rank;
  return inFile >= 0 ? 0.9 * RANK_DECAY ** inFile : RANK_DECAY ** causes.length;
}
