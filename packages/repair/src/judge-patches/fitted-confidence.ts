import type { ConfidenceModel } from './confidence.ts';

/** Written by `npm run fit-confidence`; change what it is fitted on, not this file. */
export const fittedConfidence: ConfidenceModel = {
  origin:
    '262 patches of 207 bugs planted by seed 1 in half A of HumanEvalFix-JS, 8 s each; logistic regression, ridge; cross-validated by function in 8 folds: Brier score 0.138, calibration error 0.051',
  intercept: -0.5918,
  weights: {
    share: {
      mean: 0.4812,
      deviation: 2.7864,
      weight: 1.32,
    },
    rivals: {
      mean: 1.2579,
      deviation: 0.9752,
      weight: 0.3387,
    },
    agreeing: {
      mean: 1.341,
      deviation: 1.266,
      weight: -0.524,
    },
    naturalness: {
      mean: -0.745,
      deviation: 0.7731,
      weight: 0.7388,
    },
    size: {
      mean: 0.9984,
      deviation: 0.6187,
      weight: -0.0547,
    },
    pair: {
      mean: 0.0076,
      deviation: 0.087,
      weight: -0.2319,
    },
    guard: {
      mean: 0.1374,
      deviation: 0.3443,
      weight: 0.172,
    },
    assertions: {
      mean: 1.148,
      deviation: 0.4902,
      weight: 0.4751,
    },
    failing: {
      mean: 0.8816,
      deviation: 0.3346,
      weight: 0.1894,
    },
    changed: {
      mean: 0.6371,
      deviation: 0.2853,
      weight: -0.016,
    },
    throws: {
      mean: 0.0012,
      deviation: 0.0154,
      weight: -0.4795,
    },
    killed: {
      mean: 0.8675,
      deviation: 0.2264,
      weight: 0.3503,
    },
  },
  history: [
    {
      from: 0,
      to: 0.2,
      right: 13,
      total: 96,
    },
    {
      from: 0.2,
      to: 0.4,
      right: 19,
      total: 70,
    },
    {
      from: 0.4,
      to: 0.6,
      right: 5,
      total: 22,
    },
    {
      from: 0.6,
      to: 0.8,
      right: 12,
      total: 16,
    },
    {
      from: 0.8,
      to: 0.9,
      right: 23,
      total: 26,
    },
    {
      from: 0.9,
      to: 1,
      right: 31,
      total: 32,
    },
  ],
};
