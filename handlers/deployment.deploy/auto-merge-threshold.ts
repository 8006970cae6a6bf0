import type { AnomalyType, LearnedModel } from '@selfheal/contracts';

/**
 * The confidence from which a fix of a class merges by itself: what its calibration found (`value.threshold`), else the policy's.
 * `undefined` where the calibration found that no confidence is enough (`value.threshold` is null).
 */
export function autoMergeThreshold(
  type: AnomalyType,
  ofPolicy: number,
  calibration: readonly LearnedModel[],
): { threshold: number | undefined; from: string } {
  const learned = calibration.find(({ kind, key }) => kind === 'calibration' && key === type)?.value.threshold;
  if (typeof learned === 'number') return { threshold: learned, from: `learned from the outcomes of ${type} fixes` };
  if (learned === null) return { threshold: undefined, from: `too few ${type} fixes held so far for any confidence` };
  return { threshold: ofPolicy, from: 'policy.autoMergeConfidence' };
}

/** How many fixes of a class held, of those with a verdict. */
export function precisionSoFar(type: AnomalyType, calibration: readonly LearnedModel[]): { right: number; total: number } {
  const bins = calibration.find(({ kind, key }) => kind === 'calibration' && key === type)?.value.bins;
  const sum = { right: 0, total: 0 };
  for (const bin of Array.isArray(bins) ? bins : []) {
    if (typeof bin !== 'object' || bin === null || Array.isArray(bin)) continue;
    if (typeof bin.right === 'number') sum.right += bin.right;
    if (typeof bin.total === 'number') sum.total += bin.total;
  }
  return sum;
}
