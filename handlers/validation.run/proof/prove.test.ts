import type { TestReport, TestResult } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { GUARD, LABEL_AT, LABEL_TEST } from '../shop-files.ts';
import { makePatch } from '../validation-rig.ts';
import { compareResults, differingTests, type Runs } from './compare-results.ts';
import { prove } from './prove.ts';

const patch = makePatch('base', { code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
const coveragePatch = makePatch('base', { type: 'coverage', code: [], test: LABEL_TEST, at: LABEL_AT });
const NEW = LABEL_TEST.titles[0] ?? '';

function report(statuses: Readonly<Record<string, TestResult['status']>>, change: Partial<TestReport> = {}): TestReport {
  const results = Object.entries(statuses).map(([title, status]) => {
    const file = title === NEW ? LABEL_TEST.file : 'test/a.js';
    return { id: `${file} > ${title}`, file, title, status };
  });
  const run = { exitCode: 0, stdout: '', stderr: '', timedOut: false, durationMs: 10 };
  return { results, forged: false, plantedFailureSeen: true, run, ...change };
}

function proof(base: Runs, head: Runs) {
  return prove(patch, compareResults(base, head, patch), [...base, ...head]);
}

describe('the proof of an error', () => {
  test('holds where the new test fails before and passes after, each time', () => {
    expect(
      proof([report({ [NEW]: 'failed' }), report({ [NEW]: 'failed' })], [report({ [NEW]: 'passed' }), report({ [NEW]: 'passed' })]),
    ).toMatchObject({ holds: true, baseFails: true, headPasses: true });
  });

  test.each<[string, Runs, Runs]>([
    ['a new test that passes on the base once', [report({ [NEW]: 'failed' }), report({ [NEW]: 'passed' })], [report({ [NEW]: 'passed' })]],
    ['a new test that fails on the head once', [report({ [NEW]: 'failed' })], [report({ [NEW]: 'passed' }), report({ [NEW]: 'failed' })]],
    ['a new test that is skipped', [report({ [NEW]: 'failed' })], [report({ [NEW]: 'skipped' })]],
    ['a new test that is missing on the base', [report({ other: 'failed' })], [report({ [NEW]: 'passed' })]],
    ['a new test that is missing on the head', [report({ [NEW]: 'failed' })], [report({ other: 'passed' })]],
    ['a run without the planted failure', [report({ [NEW]: 'failed' })], [report({ [NEW]: 'passed' }, { plantedFailureSeen: false })]],
    ['a forged run', [report({ [NEW]: 'failed' })], [report({ [NEW]: 'passed' }, { forged: true })]],
  ])('does not hold with %s', (_, base, head) => {
    expect(proof(base, head).holds).toBe(false);
  });

  test('does not hold with one flaky new test among several, and says so', () => {
    const two = { ...patch, test: { ...patch.test, titles: [NEW, 'second'] } };
    const statuses = (second: TestResult['status'], first: TestResult['status']) => {
      const all = report({ [NEW]: first });
      const added = { id: `${LABEL_TEST.file} > second`, file: LABEL_TEST.file, title: 'second', status: second };
      return { ...all, results: [...all.results, added] };
    };
    const base: Runs = [statuses('passed', 'failed'), statuses('failed', 'failed')];
    const head: Runs = [statuses('passed', 'passed'), statuses('passed', 'passed')];
    const comparison = compareResults(base, head, two);
    expect(comparison.tests.flaky).toEqual([`${LABEL_TEST.file} > second`]);
    const { holds, detail } = prove(two, comparison, [...base, ...head]);
    expect(holds).toBe(false);
    expect(detail).toContain('gave both results on the same code (second: passed, failed)');
  });

  test('does not hold where the new test passes with its assertions turned round', () => {
    const runs = [[report({ [NEW]: 'failed' })], [report({ [NEW]: 'passed' })]] as const;
    const { holds, detail } = prove(patch, compareResults(runs[0], runs[1], patch), runs.flat(), { hollow: [NEW] });
    expect(holds).toBe(false);
    expect(detail).toContain('turned round');
  });

  test('says why a run broke off', () => {
    const broken: TestReport = report(
      {},
      {
        plantedFailureSeen: false,
        results: [{ id: 'test run', file: '', title: 'test run', status: 'failed', error: { message: 'it did not end in time' } }],
      },
    );
    expect(proof([broken], [report({ [NEW]: 'passed' })]).detail).toContain('broke off: it did not end in time');
    expect(proof([report({}, { plantedFailureSeen: false })], [report({ [NEW]: 'passed' })]).detail).toContain('no reason was given');
  });
});

describe('the proof of coverage', () => {
  const passing: Runs = [report({ [NEW]: 'passed' })];
  const comparison = compareResults(passing, passing, coveragePatch);
  const evidence = { covered: [5, 6, 7], uncovered: [], reasons: new Map<number, string>(), mutants: { killed: 3, total: 4 } };

  test('holds with covered lines and killed mutants', () => {
    expect(prove(coveragePatch, comparison, passing, { evidence })).toMatchObject({ holds: true, mutants: { killed: 3, total: 4 } });
    expect(prove(coveragePatch, comparison, passing, { evidence: { ...evidence, mutants: { killed: 2, total: 2 } } }).holds).toBe(true);
  });

  test('says which lines stay uncovered, and why', () => {
    const left = { ...evidence, uncovered: [8], reasons: new Map([[8, "needs `zone === 'abroad'`"]]) };
    const { holds, detail } = prove(coveragePatch, comparison, passing, { evidence: left });
    expect(holds).toBe(true);
    expect(detail).toContain("runs 3 of 4 named lines (not line 8: needs `zone === 'abroad'`)");
  });

  test.each([
    ['few killed', { mutants: { killed: 2, total: 12 } }],
    ['none to kill', { mutants: { killed: 0, total: 0 } }],
    ['lines not run that every call runs', { covered: [5, 6, 7, 8, 9], uncovered: [10] }],
    ['a third of the lines not run, whatever the reasons', { covered: [5, 6], uncovered: [7], reasons: new Map([[7, 'needs `x`']]) }],
    ['no line run', { covered: [] }],
  ])('does not hold with %s', (_, change) => {
    expect(prove(coveragePatch, comparison, passing, { evidence: { ...evidence, ...change } }).holds).toBe(false);
  });
});

describe('the comparison', () => {
  test('tells tests that changed, came or went, and leaves new ones out', () => {
    const base = report({ a: 'passed', b: 'failed', gone: 'passed', [NEW]: 'failed' });
    const head = report({ a: 'failed', b: 'failed', came: 'passed', [NEW]: 'passed' });
    expect(differingTests(base, head, patch)).toEqual(['test/a.js > a', 'test/a.js > gone', 'test/a.js > came']);
    const { tests } = compareResults([base], [head], patch);
    expect(tests.changed).toEqual([
      { id: 'test/a.js > a', base: 'passed', head: 'failed' },
      { id: 'test/a.js > gone', base: 'passed', head: 'absent' },
      { id: 'test/a.js > came', base: 'absent', head: 'passed' },
    ]);
    expect(tests).toMatchObject({ passed: 2, failed: 2, flaky: [], newTests: [{ title: NEW }] });
  });

  test('takes a test that was flaky before for flaky, and one that became so for changed', () => {
    const base: Runs = [report({ a: 'passed', b: 'passed' }), report({ a: 'failed', b: 'passed' })];
    const head: Runs = [report({ a: 'failed', b: 'failed' }), report({ a: 'failed', b: 'passed' })];
    const { tests } = compareResults(base, head, patch);
    expect(tests.flaky).toEqual(['test/a.js > a', 'test/a.js > b']);
    // Also where the suites agreed and only a later run did not.
    const later = compareResults([report({ a: 'passed' }), report({ a: 'failed' })], [report({ a: 'passed' })], patch);
    expect(later.tests).toMatchObject({ flaky: ['test/a.js > a'], changed: [] });
    expect(tests.changed).toEqual([{ id: 'test/a.js > b', base: 'passed', head: 'flaky' }]);
  });
});
