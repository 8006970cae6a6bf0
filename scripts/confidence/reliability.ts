export interface Prediction {
  readonly probability: number;
  readonly right: boolean;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly right: number;
  readonly total: number;
}

const BINS = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1];

/** Mean squared error of probabilities (Brier, Monthly Weather Review 1950): 0 is perfect, 0.25 what a coin knows. */
export function brierScore(predictions: readonly Prediction[]): number {
  return (
    predictions.reduce((sum, { probability, right }) => sum + (probability - (right ? 1 : 0)) ** 2, 0) / Math.max(1, predictions.length)
  );
}

/** Predicted against seen; bins without any prediction are left out. */
export function reliabilityBins(predictions: readonly Prediction[]): Bin[] {
  return BINS.slice(0, -1).flatMap((from, index) => {
    const to = BINS[index + 1] ?? 1;
    const inside = predictions.filter(({ probability }) => probability >= from && (probability < to || to === 1));
    return inside.length === 0 ? [] : [{ from, to, right: inside.filter(({ right }) => right).length, total: inside.length }];
  });
}

/** Expected calibration error: mean distance between what bins predicted and what was seen, by their size. */
export function calibrationError(predictions: readonly Prediction[]): number {
  return reliabilityBins(predictions).reduce((sum, { from, to, right, total }) => {
    const inside = predictions.filter(({ probability }) => probability >= from && (probability < to || to === 1));
    const predicted = inside.reduce((all, { probability }) => all + probability, 0) / total;
    return sum + (Math.abs(predicted - right / total) * total) / predictions.length;
  }, 0);
}
