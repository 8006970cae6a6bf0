import type { LearnedModel } from '@selfheal/contracts';
import { findModel, type Learn } from './lesson.ts';

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly right: number;
  readonly total: number;
}

const BINS = 10;
/** Of the fixes that merge by themselves, so many must hold. */
const PRECISION = 0.8;
/** One-sided confidence of the lower bound: 90 %. */
const Z = 1.2816;
/** Outcomes at or above a confidence before it may become the threshold; and in all before none is a finding. */
const ENOUGH = 10;
const ENOUGH_FOR_NONE = 20;

/**
 * How often fixes of one class held, by the confidence of their validation, and the confidence from which they may merge by themselves: the
 * lowest bin with data from which on the lower bound of precision reaches 0.8 over at least 10 outcomes. With fewer there is no threshold
 * yet and the policy's counts; with 20 and none that reaches it, the threshold is null: a person decides.
 */
export const learnCalibration: Learn = ({ projectId, now, anomaly, validation, successful }, models) => {
  const key = anomaly.type;
  const known = findModel(models, 'calibration', key);
  const bins = addOutcome(binsOf(known?.value), validation.confidence, successful);
  const model: LearnedModel = {
    id: known?.id ?? `${projectId}|calibration|${key}`,
    projectId,
    kind: 'calibration',
    key,
    value: calibrationValue(bins),
    updatedAt: now,
  };
  const why = `a fix of confidence ${validation.confidence.toFixed(2)} ${successful ? 'held' : 'did not hold'}: ${describe(bins)}`;
  return [{ model, before: known?.value, why }];
};

/** Bins with the threshold that follows from them. */
export function calibrationValue(bins: readonly Bin[]): LearnedModel['value'] {
  const threshold = thresholdOf(bins);
  return {
    bins: bins.map(({ from, to, right, total }) => ({ from, to, right, total })),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

export function binsOf(value: LearnedModel['value'] | undefined): Bin[] {
  const stored = Array.isArray(value?.bins) ? value.bins : [];
  return Array.from({ length: BINS }, (_, at) => {
    const bin = stored[at];
    const { right, total } = typeof bin === 'object' && bin !== null && !Array.isArray(bin) ? bin : {};
    return {
      from: at / BINS,
      to: (at + 1) / BINS,
      right: typeof right === 'number' ? right : 0,
      total: typeof total === 'number' ? total : 0,
    };
  });
}

/**
 * The lower bound of a share by Wilson's score interval.
 * Source: Wilson (1927), Journal of the American Statistical Association 22.
 */
export function lowerBound(right: number, total: number): number {
  if (total === 0) return 0;
  const share = right / total;
  const z2 = Z * Z;
  const centre = share + z2 / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return (centre - spread) / (1 + z2 / total);
}

function addOutcome(bins: readonly Bin[], confidence: number, successful: boolean): Bin[] {
  const own = Math.min(BINS - 1, Math.floor(confidence * BINS));
  return bins.map((bin, at) => (at === own ? { ...bin, right: bin.right + (successful ? 1 : 0), total: bin.total + 1 } : bin));
}

function thresholdOf(bins: readonly Bin[]): number | null | undefined {
  const candidates = bins.filter((bin, at) => {
    const { right, total } = pool(bins.slice(at));
    return bin.total > 0 && total >= ENOUGH && lowerBound(right, total) >= PRECISION;
  });
  const [lowest] = candidates;
  if (lowest !== undefined) return lowest.from;
  return pool(bins).total >= ENOUGH_FOR_NONE ? null : undefined;
}

function pool(bins: readonly Bin[]): { right: number; total: number } {
  return bins.reduce((sum, bin) => ({ right: sum.right + bin.right, total: sum.total + bin.total }), { right: 0, total: 0 });
}

function describe(bins: readonly Bin[]): string {
  const { right, total } = pool(bins);
  const threshold = thresholdOf(bins);
  const merge =
    threshold === undefined
      ? 'too few outcomes for a threshold'
      : threshold === null
        ? 'none merges by itself'
        : `merges by itself from ${threshold.toFixed(1)}`;
  return `${right} of ${total} held so far, ${merge}`;
}
