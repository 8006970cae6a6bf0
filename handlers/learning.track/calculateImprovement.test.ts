import { expect, test } from 'vitest';
import { factsOf } from '../deployment.deploy/testing/facts.ts';
import { calculateImprovement } from './calculateImprovement.ts';
import { comparisonOf, summaryOf } from './testing/figures.ts';

const improve = (type: Parameters<typeof factsOf>[0], ...comparisons: ReturnType<typeof comparisonOf>[]) =>
  calculateImprovement({ anomaly: factsOf(type).anomaly, comparisons, before: summaryOf(), after: summaryOf() }).improvement;

test('an error fix is measured by its own error', () => {
  expect(improve('error', comparisonOf('error rate', 0.2, 0.1), comparisonOf('incident error rate', 0.1, 0))).toEqual({ errors: 1 });
  expect(improve('performance', comparisonOf('error rate', 0.2, 0.1))).toEqual({ errors: 0.5 });
});

test('a performance fix by the side of the durations that gained more', () => {
  expect(improve('performance', comparisonOf('duration p50', 10, 10), comparisonOf('duration p95', 200, 20))).toEqual({ performance: 0.9 });
  expect(improve('performance', comparisonOf('duration p50', 50, 10), comparisonOf('duration p95', 60, 30))).toEqual({ performance: 0.8 });
});

test('flows and coverage by their own metrics', () => {
  expect(improve('behavioral', comparisonOf('deviating runs', 0.5, 0))).toEqual({ behavioral: 1 });
  expect(improve('coverage', comparisonOf('covered lines', 0, 1, { improvement: 1 }))).toEqual({ coverage: 1 });
});

test('what has too little data is not claimed', () => {
  const little = { enoughData: false };
  expect(
    improve(
      'error',
      comparisonOf('error rate', 0.2, 0, little),
      comparisonOf('incident error rate', 0.1, 0, little),
      comparisonOf('duration p50', 9, 1, little),
    ),
  ).toEqual({});
});
