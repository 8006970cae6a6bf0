import { fittedConfidence } from './fitted-confidence.ts';
import type { PatchEvidence } from './patch-evidence.ts';

/** A logistic regression over standardised evidence, and what it was worth where it was tried. */
export interface ConfidenceModel {
  /** When, on what and by what it was fitted. */
  readonly origin: string;
  readonly intercept: number;
  readonly weights: Readonly<Record<keyof PatchEvidence, EvidenceWeight>>;
  /** Predicted against seen, on cases that the coefficients were not fitted on (cross-validation by function). */
  readonly history: readonly ReliabilityBin[];
}

export interface EvidenceWeight {
  readonly mean: number;
  readonly deviation: number;
  /** Change of the log-odds for one deviation above the mean. */
  readonly weight: number;
}

/** Patches that were given a confidence in [from, to): how many, and how many of them were right. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly right: number;
  readonly total: number;
}

/** Outcomes in production of one kind of edit, as learning.track counts them. */
export interface EditOutcomes {
  readonly alpha: number;
  readonly beta: number;
}

/** What one fix is worth against the model: its probability counts as so many outcomes. */
const MODEL_STRENGTH = 4;
const LEAST = 0.01;
const MOST = 0.99;

/** Probability that a plausible patch is right. What could not be observed counts as the mean of what was when the model was fitted. */
export function confidenceOf(evidence: PatchEvidence, outcomes?: EditOutcomes, model: ConfidenceModel = fittedConfidence): number {
  const logOdds = namesOf(model).reduce((sum, name) => {
    const { mean, deviation, weight } = model.weights[name];
    const value = evidence[name];
    return value === undefined || deviation === 0 ? sum : sum + (weight * (value - mean)) / deviation;
  }, model.intercept);
  const predicted = Math.min(MOST, Math.max(LEAST, 1 / (1 + Math.exp(-logOdds))));
  if (outcomes === undefined) return predicted;
  return (MODEL_STRENGTH * predicted + outcomes.alpha) / (MODEL_STRENGTH + outcomes.alpha + outcomes.beta);
}

/** What patches with such a confidence were worth. */
export function reliabilityAt(confidence: number, model: ConfidenceModel = fittedConfidence): ReliabilityBin | undefined {
  return model.history.find(({ from, to }) => confidence >= from && (confidence < to || to === 1));
}

/** The evidence that moved the confidence most, as `killed 0.50 (-0.8)`: value, and change of the log-odds. */
export function explainConfidence(evidence: PatchEvidence, model: ConfidenceModel = fittedConfidence): string {
  return namesOf(model)
    .flatMap((name) => {
      const { mean, deviation, weight } = model.weights[name];
      const value = evidence[name];
      const moved = value === undefined || deviation === 0 ? 0 : (weight * (value - mean)) / deviation;
      return Math.abs(moved) < 0.2
        ? []
        : [{ moved, text: `${name} ${(value ?? 0).toFixed(2)} (${moved > 0 ? '+' : ''}${moved.toFixed(1)})` }];
    })
    .sort((a, b) => Math.abs(b.moved) - Math.abs(a.moved))
    .slice(0, 4)
    .map(({ text }) => text)
    .join(', ');
}

function namesOf({ weights }: ConfidenceModel): (keyof PatchEvidence)[] {
  return EVIDENCE.filter((name) => Object.hasOwn(weights, name));
}

export const EVIDENCE: readonly (keyof PatchEvidence)[] = [
  'share',
  'rivals',
  'agreeing',
  'naturalness',
  'size',
  'pair',
  'guard',
  'assertions',
  'failing',
  'changed',
  'throws',
  'killed',
];
