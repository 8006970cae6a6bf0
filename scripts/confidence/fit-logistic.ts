/** One patch that passed: its evidence by name, whether it was right, and the function that it is of. */
export interface Example {
  readonly of: string;
  readonly right: boolean;
  readonly evidence: Readonly<Record<string, number | undefined>>;
  /** Of the patches of one search the first, which is the one offered. */
  readonly best: boolean;
}

export interface FittedModel {
  readonly intercept: number;
  readonly weights: Record<string, { mean: number; deviation: number; weight: number }>;
}

/** Weight of the ridge penalty, in examples. */
const RIDGE = 2;
const STEPS = 1_500;
const RATE = 0.5;

/**
 * Logistic regression with a ridge penalty on standardised features, by gradient descent (Hastie, Tibshirani, Friedman, The Elements of
 * Statistical Learning, 4.4). What is absent counts as the mean.
 */
export function fitLogistic(examples: readonly Example[], names: readonly string[]): FittedModel {
  const scales = names.map((name) => {
    const values = examples.flatMap(({ evidence }) => evidence[name] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
    return { name, mean, deviation: Math.sqrt(variance) };
  });
  const rows = examples.map(({ evidence }) =>
    scales.map(({ name, mean, deviation }) => {
      const value = evidence[name];
      return value === undefined || deviation === 0 ? 0 : (value - mean) / deviation;
    }),
  );
  let intercept = 0;
  const weights = names.map(() => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = weights.map((weight) => (RIDGE * weight) / examples.length);
    let slope = 0;
    for (const [index, row] of rows.entries()) {
      const error = sigmoid(row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), intercept)) - (examples[index]?.right ? 1 : 0);
      slope += error / rows.length;
      for (const [at, value] of row.entries()) gradient[at] = (gradient[at] ?? 0) + (error * value) / rows.length;
    }
    intercept -= RATE * slope;
    for (const [at, value] of gradient.entries()) weights[at] = (weights[at] ?? 0) - RATE * value;
  }
  return {
    intercept,
    weights: Object.fromEntries(scales.map(({ name, mean, deviation }, at) => [name, { mean, deviation, weight: weights[at] ?? 0 }])),
  };
}

export function predict({ intercept, weights }: FittedModel, { evidence }: Example): number {
  const logOdds = Object.entries(weights).reduce((sum, [name, { mean, deviation, weight }]) => {
    const value = evidence[name];
    return value === undefined || deviation === 0 ? sum : sum + (weight * (value - mean)) / deviation;
  }, intercept);
  return sigmoid(logOdds);
}

/** Predictions of each example by a model that saw no example of its function. */
export function crossValidate(examples: readonly Example[], names: readonly string[], folds: number): number[] {
  const groups = [...new Set(examples.map(({ of }) => of))].sort();
  const foldOf = new Map(groups.map((group, index) => [group, index % folds]));
  const models = Array.from({ length: folds }, (_, fold) =>
    fitLogistic(
      examples.filter(({ of }) => foldOf.get(of) !== fold),
      names,
    ),
  );
  return examples.map((example) => {
    const model = models[foldOf.get(example.of) ?? 0];
    return model === undefined ? 0.5 : predict(model, example);
  });
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
