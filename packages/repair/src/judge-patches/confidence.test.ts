import { describe, expect, test } from 'vitest';
import { type ConfidenceModel, confidenceOf, EVIDENCE, explainConfidence, reliabilityAt } from './confidence.ts';
import { fittedConfidence } from './fitted-confidence.ts';
import type { PatchEvidence } from './patch-evidence.ts';

const average = Object.fromEntries(EVIDENCE.map((name) => [name, fittedConfidence.weights[name].mean]));
const typical: PatchEvidence = { ...emptyEvidence(), ...average };

function emptyEvidence(): PatchEvidence {
  return { share: 0, rivals: 0, agreeing: 0, naturalness: 0, size: 0, pair: 0, guard: 0, assertions: 0, failing: 0 };
}

describe('confidenceOf', () => {
  test('is the logistic function of the intercept at the mean of all evidence', () => {
    expect(confidenceOf(typical)).toBeCloseTo(1 / (1 + Math.exp(-fittedConfidence.intercept)), 10);
  });

  test('what was not observed counts as the mean', () => {
    const { killed, changed, throws, ...rest } = typical;
    expect([killed, changed, throws]).not.toContain(undefined);
    expect(confidenceOf(rest)).toBeCloseTo(confidenceOf(typical), 10);
  });

  test('agreement, naturalness and tests that notice mutants speak for a patch, rivals and size against it', () => {
    const sure = { ...typical, share: 4, naturalness: 0, killed: 1, rivals: 0, size: 0.7 };
    const lucky = { ...typical, share: -3, naturalness: -3, killed: 0.4, rivals: 3, size: 2.5 };
    expect(confidenceOf(sure)).toBeGreaterThan(0.8);
    expect(confidenceOf(lucky)).toBeLessThan(0.2);
    expect(explainConfidence(lucky)).toMatch(/share -3\.00 \(-\d\.\d\)/);
  });

  test('outcomes in production outweigh the model as they grow', () => {
    const predicted = confidenceOf(typical);
    const some = confidenceOf(typical, { alpha: 0, beta: 4 });
    expect(some).toBeCloseTo(predicted / 2, 10);
    expect(confidenceOf(typical, { alpha: 0, beta: 400 })).toBeLessThan(0.01);
  });
});

test('the history of a confidence is that of its bin, 1 included', () => {
  const bins = [
    { from: 0, to: 0.5, right: 1, total: 4 },
    { from: 0.5, to: 1, right: 9, total: 10 },
  ];
  const model: ConfidenceModel = { ...fittedConfidence, history: bins };
  expect(reliabilityAt(0.49, model)).toBe(bins[0]);
  expect(reliabilityAt(0.5, model)).toBe(bins[1]);
  expect(reliabilityAt(1, model)).toBe(bins[1]);
});
