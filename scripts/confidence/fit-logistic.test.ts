import { expect, test } from 'vitest';
import { mulberry32 } from '../bench/secret-samples.ts';
import { crossValidate, type Example, fitLogistic, predict } from './fit-logistic.ts';
import { brierScore, calibrationError, reliabilityBins } from './reliability.ts';

/** Right with the log-odds 2 x signal - 0.5; `noise` tells nothing, and the signal is missing now and then. */
function sampled(count: number): Example[] {
  const random = mulberry32(5);
  return Array.from({ length: count }, (_, index) => {
    const signal = 6 * random() - 3;
    const right = random() < 1 / (1 + Math.exp(0.5 - 2 * signal));
    const evidence = { ...(index % 10 === 0 ? {} : { signal }), noise: random() };
    return { of: `function ${index % 23}`, right, best: true, evidence };
  });
}

const NAMES = ['signal', 'noise', 'absent'];

test('finds what decides, and how much', () => {
  const { intercept, weights } = fitLogistic(sampled(700), NAMES);
  const { mean = 0, deviation = 1, weight = 0 } = weights.signal ?? {};
  expect(weight / deviation).toBeGreaterThan(1.4);
  expect(weight / deviation).toBeLessThan(2.6);
  expect(intercept - (weight * mean) / deviation).toBeCloseTo(-0.5, 0);
  expect(Math.abs(weights.noise?.weight ?? 1)).toBeLessThan(0.2);
  expect(weights.absent).toEqual({ mean: 0, deviation: 0, weight: 0 });
});

test('predicts functions that it has not seen, and is calibrated there', () => {
  const examples = sampled(500);
  const predictions = crossValidate(examples, NAMES, 3).map((probability, index) => ({
    probability,
    right: examples[index]?.right ?? false,
  }));
  expect(brierScore(predictions)).toBeLessThan(0.15);
  expect(calibrationError(predictions)).toBeLessThan(0.07);
});

test('without evidence there is only the rate', () => {
  const examples = sampled(300);
  const rate = examples.filter(({ right }) => right).length / examples.length;
  const [first = { of: '', right: true, best: true, evidence: {} }] = examples;
  expect(predict(fitLogistic(examples, []), first)).toBeCloseTo(rate, 2);
});

test('reliability is counted by bin, 1 included', () => {
  const predictions = [
    { probability: 0.1, right: false },
    { probability: 0.95, right: true },
    { probability: 1, right: true },
    { probability: 0.95, right: false },
  ];
  expect(reliabilityBins(predictions)).toEqual([
    { from: 0, to: 0.2, right: 0, total: 1 },
    { from: 0.9, to: 1, right: 2, total: 3 },
  ]);
  expect(brierScore([])).toBe(0);
  expect(brierScore([{ probability: 1, right: false }])).toBe(1);
});
