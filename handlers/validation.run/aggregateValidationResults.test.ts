import type { BeatInput, LearnedModel, Validation } from '@selfheal/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { aggregateValidationResults } from './aggregateValidationResults.ts';
import { calibrate, priorConfidence } from './confidence.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { validateCompleted } from './validateCompleted.ts';
import { validationRig } from './validation-rig.ts';

type Results = BeatInput<'aggregateValidationResults'>;
let good: Results;

beforeAll(async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  good = {
    patch,
    diagnosis: await rig.ports.records.need('diagnosis', 'd1'),
    applies: true,
    integrity: { valid: true, violations: [] },
    tests: { passed: 12, failed: 0, skipped: 1, changed: [], newTests: [], flaky: [], durationMs: 900 },
    proof: {
      class: 'error',
      holds: true,
      baseFails: true,
      headPasses: true,
      plantedFailureSeen: true,
      detail: 'fails on the base, passes on the head',
    },
    coverage: { lines: 0.8, functions: 0.8, branches: 0.5, changedLines: { covered: 2, total: 2, uncovered: [] } },
    performance: {
      improved: false,
      slower: false,
      improvement: 0,
      baselineMs: 1,
      currentMs: 1,
      pValue: 1,
      runs: 4,
      detail: 'no difference beyond noise',
    },
    documentation: { valid: true, errors: [], checked: 3 },
    calibration: [],
  };
});

function aggregate(change: Partial<Results> = {}): Validation['checks'] extends unknown ? Omit<Validation, 'id' | 'createdAt'> : never {
  return aggregateValidationResults({ ...good, ...change }).validation;
}

test('a patch that passes every check passes, with a confidence', () => {
  const verdict = aggregate();
  expect(verdict).toMatchObject({
    passed: true,
    patchHash: good.patch.hash,
    base: good.patch.base,
    projectId: 'p1',
    incidentId: 'i1',
    patchId: good.patch.id,
  });
  expect(verdict.checks.every(({ passed }) => passed)).toBe(true);
  expect(verdict.confidence).toBeGreaterThan(0.8);
  expect(verdict.confidence).toBeLessThan(1);
});

test.each<[string, string, (results: Results) => Partial<Results>]>([
  ['applies', 'a conflict', () => ({ applies: false, conflict: 'src/orders.js changed' })],
  [
    'integrity',
    'a weakened test',
    () => ({ integrity: { valid: false, violations: [{ rule: 'test-skipped', file: 'test/a.js', line: 3, detail: 'skips a' }] } }),
  ],
  [
    'syntax',
    'a syntax error',
    ({ patch }) => ({
      patch: { ...patch, syntax: { valid: false, errors: [{ file: 'src/a.js', line: 1, column: 2, message: 'unexpected' }] } },
    }),
  ],
  ['proof', 'a proof that does not hold', ({ proof }) => ({ proof: proof && { ...proof, holds: false, detail: 'it fails on the head' } })],
  [
    'other tests',
    'a test that changed',
    ({ tests }) => ({ tests: tests && { ...tests, changed: [{ id: 'a > b', base: 'passed', head: 'failed' }] } }),
  ],
  [
    'changed lines',
    'a line that no test runs',
    ({ coverage }) => ({ coverage: coverage && { ...coverage, changedLines: { covered: 1, total: 2, uncovered: ['src/orders.js:7'] } } }),
  ],
  ['no slowdown', 'a slowdown', ({ performance }) => ({ performance: performance && { ...performance, slower: true, detail: 'slower' } })],
  ['documentation', 'a broken link', () => ({ documentation: { valid: false, errors: ['README.md:1: leads nowhere'], checked: 1 } })],
])('%s: %s is refused', (name, _, change) => {
  const verdict = aggregate(change(good));
  expect(verdict).toMatchObject({ passed: false, confidence: 0 });
  expect(verdict.checks.filter(({ passed }) => !passed).map((check) => check.name)).toEqual([name]);
  expect(validateCompleted({ validationId: 'v', validation: verdict }).summary).toMatch(new RegExp(`^Not proved: ${name}: .+`));
});

test('a fix that grows faster with its input, or fills memory, does not pass; one that was not measured does', () => {
  const growth = { worse: false, memoryWorse: false, detail: 'no curve', memoryDetail: 'not compared' };
  const judged = (one: Partial<typeof growth>) => aggregateValidationResults({ ...good, growth: { ...growth, ...one } }).validation;
  expect(judged({})).toMatchObject({ passed: true, growth });
  expect(
    judged({})
      .checks.filter(({ name }) => /growth|memory/.test(name))
      .map(({ detail }) => detail),
  ).toEqual(['no curve', 'not compared']);
  expect(judged({ worse: true }).passed).toBe(false);
  expect(judged({ memoryWorse: true }).passed).toBe(false);
});

test('what was not run because the patch is unsound counts as failed', () => {
  const { tests: _t, proof: _p, coverage: _c, performance: _f, ...rest } = good;
  const { validation } = aggregateValidationResults({ ...rest, applies: false, conflict: 'it moved' });
  expect(validation).toMatchObject({ passed: false, proof: { holds: false, detail: 'it moved' }, tests: { passed: 0 } });
  expect(validation.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
    'applies',
    'proof',
    'other tests',
    'changed lines',
  ]);
});

test('missing coverage and flaky tests are told, not held against the patch', () => {
  const { coverage: _, ...rest } = good;
  const { validation } = aggregateValidationResults({ ...rest, tests: { ...(good.tests ?? fail()), flaky: ['a > b'] } });
  expect(validation.passed).toBe(true);
  expect(validation.checks.find(({ name }) => name === 'stable tests')).toMatchObject({ passed: false, required: false });
});

function fail(): never {
  throw new Error('the fixture has no tests');
}

describe('confidence', () => {
  const evidence = { proof: 1, diagnosis: 0.8, template: 0.5, otherTests: 10, changedLinesCovered: 1 };

  test('grows with each piece of evidence and is nothing without a proof', () => {
    const full = priorConfidence(evidence);
    for (const key of ['diagnosis', 'template', 'otherTests', 'changedLinesCovered'] as const)
      expect(priorConfidence({ ...evidence, [key]: 0 })).toBeLessThan(full);
    expect(priorConfidence({ ...evidence, proof: 0 })).toBe(0);
    expect(priorConfidence({ proof: 1, diagnosis: 0, template: 0, otherTests: 0, changedLinesCovered: 0 })).toBeCloseTo(0.6, 9);
  });

  const model = (bins: object[]): LearnedModel => ({
    id: 'm',
    projectId: 'p1',
    kind: 'calibration',
    key: 'error',
    value: JSON.parse(JSON.stringify({ bins })),
    updatedAt: 0,
  });

  test('follows the outcomes of its class', () => {
    const bins = [
      { from: 0, to: 0.5, right: 1, total: 9 },
      { from: 0.5, to: 1, right: 2, total: 30 },
    ];
    expect(calibrate(0.8, 'error', [model(bins)])).toBeCloseTo((2 + 8) / 40, 9);
    expect(calibrate(1, 'error', [model(bins)])).toBeCloseTo((2 + 10) / 40, 9);
    expect(calibrate(0.8, 'performance', [model(bins)])).toBe(0.8);
    expect(calibrate(0.8, 'error', [model([])])).toBe(0.8);
    const learned = aggregate({ calibration: [model(bins)] });
    expect(learned.confidence).toBeLessThan(0.4);
  });

  test('of a test alone rests on the mutants it killed', () => {
    const { candidate: _, ...patch } = good.patch;
    const proof = good.proof ?? fail();
    const with3 = aggregate({ patch, proof: { ...proof, mutants: { killed: 3, total: 3 } } }).confidence;
    const of12 = aggregate({ patch, proof: { ...proof, mutants: { killed: 3, total: 12 } } }).confidence;
    expect(with3).toBeGreaterThan(of12);
    expect(of12).toBeGreaterThan(aggregate({ patch, proof }).confidence);
  });
});
