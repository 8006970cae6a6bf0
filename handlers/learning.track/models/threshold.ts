import { placeKey } from '@selfheal/anomaly';
import { findModel, type Learn } from './lesson.ts';

/** A dismissal raises by this factor; a proved anomaly takes one such step back. */
const STEP = 1.5;

/**
 * Dismissals had made the detector less sensitive at this place. A fix that healed what it found there shows that it is worth listening to:
 * the factor goes one step back, never below 1.
 */
export const learnThreshold: Learn = ({ now, anomaly, successful }, models) => {
  const key = `${anomaly.detector}|${placeKey(anomaly.place)}`;
  const known = findModel(models, 'threshold', key);
  const factor = known?.value.factor;
  if (!successful || known === undefined || typeof factor !== 'number' || factor <= 1) return [];
  const lowered = Math.max(1, factor / STEP);
  const why = `what the detector found at this place was true: factor ${factor.toFixed(2)} → ${lowered.toFixed(2)}`;
  return [{ model: { ...known, value: { ...known.value, factor: lowered }, updatedAt: now }, before: known.value, why }];
};
