/** What one statistic has been like so far: a histogram over its logarithm, and where its tail begins. JSON-safe. */
export interface TailModel {
  /** Rows per bin; bin b holds statistics near `FLOOR * RATIO ** b`. */
  counts: number[];
  rows: number;
  /** First bin of the tail, rows in the tail, and the sum of their bins: kept up to date so that a row costs O(1). */
  from: number;
  inTail: number;
  binSum: number;
}

const RATIO = 1.08;
const LOG_RATIO = Math.log(RATIO);
const FLOOR = 2e-3;
const LOG_FLOOR = Math.log(FLOOR);
const BINS = 256;
/** The largest 3 % are the tail. This and the prior below were chosen on public series (see the head of series-scorer.ts); SPOT takes 2 %. */
const TAIL_SHARE = 0.03;
const LEAST_IN_TAIL = 5;
/** Until the tail has rows of its own, a light one is taken for it; it counts as so many peaks. */
const PRIOR_SHAPE = 0.15;
const PRIOR_ROWS = 3;
/** Ten weeks of five-minute rows; then every count is halved, so that the model follows the series in bounded numbers. */
const MEMORY_ROWS = 20_000;

export function newTailModel(): TailModel {
  return { counts: new Array<number>(BINS).fill(0), rows: 0, from: BINS - 1, inTail: 0, binSum: 0 };
}

/**
 * How surprising a statistic (>= 0) is after all before it: -log10 of the probability of one as large, 0 for what is not in the tail.
 * Then the model learns it, so what happens again surprises less. Amortised O(1).
 *
 * Peaks over threshold with a Pareto tail whose index is Hill's estimate, shrunk to a prior while there are few peaks.
 * Sources: Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory" (KDD 2017); Hill, "A Simple General Approach to
 * Inference About the Tail of a Distribution" (Annals of Statistics 1975). The log-binned histogram is that of DDSketch (VLDB 2019).
 */
export function surprise(model: TailModel, statistic: number): number {
  const bin = binOf(statistic);
  const surprised = model.rows === 0 ? 0 : tailSurprise(model, bin);
  learn(model, bin, 1);
  if (model.rows > MEMORY_ROWS) forgetHalf(model);
  return surprised;
}

/** Puts `rows` imagined rows of an exponential distribution in, so that a young model knows what is ordinary. */
export function assumeExponential(model: TailModel, mean: number, rows: number): void {
  for (let bin = BINS - 1; bin >= 0; bin--) {
    const lower = bin === 0 ? 0 : Math.exp((bin - 0.5) * LOG_RATIO + LOG_FLOOR);
    const upper = Math.exp((bin + 0.5) * LOG_RATIO + LOG_FLOOR);
    learn(model, bin, rows * (Math.exp(-lower / mean) - Math.exp(-upper / mean)));
  }
}

function tailSurprise({ rows, from, inTail, binSum }: TailModel, bin: number): number {
  if (bin <= from || bin === 0) return 0;
  const peaks = Math.max(inTail, 1);
  const hill = inTail === 0 ? 0 : (binSum / inTail - from + 0.5) * LOG_RATIO;
  const shape = (hill * peaks + PRIOR_SHAPE * PRIOR_ROWS) / (peaks + PRIOR_ROWS);
  return Math.max(0, (Math.log((rows + 1) / peaks) + ((bin - from) * LOG_RATIO) / shape) / Math.LN10);
}

function learn(model: TailModel, bin: number, weight: number): void {
  const { counts } = model;
  counts[bin] = (counts[bin] ?? 0) + weight;
  model.rows += weight;
  if (bin >= model.from) {
    model.inTail += weight;
    model.binSum += weight * bin;
  }
  moveStart(model);
}

/** The tail is the shortest row of top bins that holds its share. Bin 0 (as good as nothing) never belongs to it. */
function moveStart(model: TailModel): void {
  const wanted = Math.max(TAIL_SHARE * model.rows, LEAST_IN_TAIL);
  while (model.from < BINS - 1 && model.inTail - (model.counts[model.from] ?? 0) >= wanted) {
    const leaving = model.counts[model.from] ?? 0;
    model.inTail -= leaving;
    model.binSum -= leaving * model.from;
    model.from++;
  }
  while (model.inTail < wanted && model.from > 1) {
    model.from--;
    const joining = model.counts[model.from] ?? 0;
    model.inTail += joining;
    model.binSum += joining * model.from;
  }
}

function forgetHalf(model: TailModel): void {
  model.counts = model.counts.map((count) => count / 2);
  model.rows /= 2;
  model.inTail /= 2;
  model.binSum /= 2;
}

function binOf(statistic: number): number {
  if (!(statistic > FLOOR)) return 0;
  return Math.min(Math.round((Math.log(statistic) - LOG_FLOOR) / LOG_RATIO), BINS - 1);
}
