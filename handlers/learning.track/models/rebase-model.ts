import type { LearnedModel, ModelChange } from '@selfheal/contracts';
import { type Bin, binsOf, calibrationValue } from './calibration.ts';
import { betaOf } from './prior.ts';

/**
 * The model with the change on top of what is stored now. Incidents heal side by side: another may have changed the model since this change
 * was computed, so what is added is the difference that the change makes.
 */
export function rebaseModel(change: ModelChange, computed: LearnedModel, stored: LearnedModel | undefined): LearnedModel {
  if (stored === undefined) return computed;
  return {
    ...computed,
    id: stored.id,
    value: rebasedValue(change, stored.value),
    updatedAt: Math.max(computed.updatedAt, stored.updatedAt),
  };
}

function rebasedValue({ kind, before, after }: ModelChange, stored: LearnedModel['value']): LearnedModel['value'] {
  switch (kind) {
    case 'prior': {
      const [from, to, now] = [betaOf(before ?? {}), betaOf(after), betaOf(stored)];
      if (from === undefined || to === undefined || now === undefined) return after;
      return { ...stored, alpha: now.alpha + to.alpha - from.alpha, beta: now.beta + to.beta - from.beta };
    }
    case 'calibration':
      return calibrationValue(addBins(binsOf(stored), binsOf(before), binsOf(after)));
    case 'threshold':
      return { ...stored, factor: scaled(stored.factor, before?.factor, after.factor) };
    default:
      return after;
  }
}

function addBins(stored: readonly Bin[], before: readonly Bin[], after: readonly Bin[]): Bin[] {
  return stored.map((bin, at) => ({
    ...bin,
    right: bin.right + (after[at]?.right ?? 0) - (before[at]?.right ?? 0),
    total: bin.total + (after[at]?.total ?? 0) - (before[at]?.total ?? 0),
  }));
}

function scaled(stored: unknown, before: unknown, after: unknown): number {
  if (typeof stored !== 'number' || typeof before !== 'number' || typeof after !== 'number' || before <= 0) return 1;
  return Math.max(1, stored * (after / before));
}
