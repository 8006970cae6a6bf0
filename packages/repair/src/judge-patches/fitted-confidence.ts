import type { ConfidenceModel } from './confidence.ts';

/** Written by `npm run fit-confidence`; change what it is fitted on, not this file. */
export const fittedConfidence: ConfidenceModel = {
  origin:
    '65 patches of 56 bugs planted by seed 1 in half A of HumanEvalFix-JS, 8 s each; logistic regression, ridge; cross-validated by function in 8 folds: Brier score 0.121, calibration error 0.097',
  intercept: -0.4975,
  weights: {
    share: {
      mean: 1.2535,
      deviation: 3.0631,
      weight: 1.0099,
    },
    rivals: {
      mean: 0.979,
      deviation: 0.916,
      weight: -0.0658,
    },
    agreeing: {
      mean: 1.1967,
      deviation: 1.1146,
      weight: -0.401,
    },
    naturalness: {
      mean: -1.0119,
      deviation: 0.9056,
      weight: 1.0101,
    },
    size: {
      mean: 1.1338,
      deviation: 0.7185,
      weight: -0.5463,
    },
    pair: {
      mean: 0.0308,
      deviation: 0.1727,
      weight: -0.2268,
    },
    guard: {
      mean: 0.1846,
      deviation: 0.388,
      weight: 0.2561,
    },
    assertions: {
      mean: 1.1171,
      deviation: 0.3911,
      weight: 0.0923,
    },
    failing: {
      mean: 0.9821,
      deviation: 0.3572,
      weight: 0.0153,
    },
    changed: {
      mean: 0.807,
      deviation: 0.1986,
      weight: -0.2673,
    },
    throws: {
      mean: 0.0037,
      deviation: 0.0299,
      weight: -0.2326,
    },
    killed: {
      mean: 0.9108,
      deviation: 0.1453,
      weight: 0.499,
    },
  },
  history: [
    {
      from: 0,
      to: 0.2,
      right: 2,
      total: 25,
    },
    {
      from: 0.2,
      to: 0.4,
      right: 4,
      total: 11,
    },
    {
      from: 0.4,
      to: 0.6,
      right: 1,
      total: 5,
    },
    {
      from: 0.6,
      to: 0.8,
      right: 5,
      total: 5,
    },
    {
      from: 0.8,
      to: 0.9,
      right: 10,
      total: 10,
    },
    {
      from: 0.9,
      to: 1,
      right: 7,
      total: 9,
    },
  ],
};
