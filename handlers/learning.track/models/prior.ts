import type { LearnedModel } from '@selfheal/contracts';
import { findModel, type Learn, templateOf } from './lesson.ts';

/** Weight of a template's own rate, in outcomes: two of them outweigh it. */
const START_WEIGHT = 2;
/** Where nothing says how likely the fix was. */
const EVEN = 0.5;

/**
 * The chance that a fix of one template heals a class, as a Beta distribution over outcomes (the conjugate prior of a rate: Gelman et al.,
 * Bayesian Data Analysis, 2.1). It starts at the template's own rate, worth two outcomes; each outcome adds one.
 */
export const learnPrior: Learn = ({ projectId, now, anomaly, patch, successful }, models) => {
  const key = `${anomaly.type}|${templateOf(patch)}`;
  const known = findModel(models, 'prior', key);
  const before = betaOf(known?.value ?? {}) ?? startAt(patch.candidate?.prior ?? EVEN);
  const { alpha, beta } = before;
  const value = { alpha: alpha + (successful ? 1 : 0), beta: beta + (successful ? 0 : 1) };
  const model: LearnedModel = { id: known?.id ?? `${projectId}|prior|${key}`, projectId, kind: 'prior', key, value, updatedAt: now };
  const why = `a fix by ${templateOf(patch)} ${successful ? 'held' : 'did not hold'} in production: ${meanOf(alpha, beta)} → ${meanOf(value.alpha, value.beta)}`;
  return [{ model, before, why }];
};

export function betaOf(value: LearnedModel['value']): { alpha: number; beta: number } | undefined {
  const { alpha, beta } = value;
  return typeof alpha === 'number' && typeof beta === 'number' && alpha + beta > 0 ? { alpha, beta } : undefined;
}

function startAt(rate: number): { alpha: number; beta: number } {
  return { alpha: START_WEIGHT * rate, beta: START_WEIGHT * (1 - rate) };
}

function meanOf(alpha: number, beta: number): string {
  return (alpha / (alpha + beta)).toFixed(2);
}
