import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { type ValidationRig, validate, validationRig } from './validation-rig.ts';

let rig: ValidationRig;
beforeAll(async () => {
  rig = await validationRig(SHOP);
});
afterAll(() => rig[Symbol.asyncDispose]());

/** The new test with another body. */
function testing(body: string, title = 'labels an order without customer'): typeof LABEL_TEST {
  return {
    ...LABEL_TEST,
    titles: [title],
    text: LABEL_TEST.text.replace(/test\('labels[\s\S]*$/, `test('${title}', () => {\n  ${body}\n});\n`),
  };
}

function coverageTest(body: string): typeof LABEL_TEST {
  const text = `const { test } = require('node:test');\nconst assert = require('node:assert');\nconst { total } = require('../src/orders');\n\ntest('adds up', () => {\n  ${body}\n});\n`;
  return { file: 'test/total.test.js', titles: ['adds up'], text };
}
const TOTAL_AT = { file: 'src/orders.js', line: 9, functionStart: 9, functionEnd: 16 };

test('a right fix is proved', async () => {
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { validation, completed } = await validate(rig, patch);
  expect(validation.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(validation).toMatchObject({
    passed: true,
    proof: { class: 'error', holds: true, baseFails: true, headPasses: true, plantedFailureSeen: true },
    tests: {
      passed: 3,
      failed: 0,
      skipped: 0,
      changed: [],
      flaky: [],
      newTests: [{ id: 'test/orders-regression.test.js > labels an order without customer', status: 'passed' }],
    },
    coverage: { changedLines: { covered: 1, total: 1, uncovered: [] } },
    performance: { slower: false },
  });
  expect(validation.confidence).toBeGreaterThan(0.6);
  expect(completed.summary).toMatch(/^Proved: fails on the base, passes on the head: labels an order without customer/);
  expect(rig.progress).toContain('running all tests on the base and on the patched code');
});

test('a fix that does not mend is refused', async () => {
  const patch = await rig.store({
    code: [{ ...GUARD, replace: GUARD.replace.replace('== null', '=== undefined') }],
    test: LABEL_TEST,
    at: LABEL_AT,
  });
  const { validation, completed } = await validate(rig, patch, { testsOnly: true });
  expect(validation).toMatchObject({ passed: false, confidence: 0, proof: { holds: false, baseFails: true, headPasses: false } });
  expect(completed.summary).toContain('does not pass on the patched code (labels an order without customer: failed)');
  expect(await rig.ports.records.need('incident', 'i1')).toMatchObject({ status: 'invalid', validationId: completed.validationId });
});

test('a test that passes without the fix proves nothing', async () => {
  const patch = await rig.store({
    code: [GUARD],
    test: testing("assert.strictEqual(label({ customer: { name: 'b' } }), 'B');"),
    at: LABEL_AT,
  });
  expect((await validate(rig, patch, { testsOnly: true })).validation).toMatchObject({
    passed: false,
    proof: { holds: false, baseFails: false, headPasses: true },
  });
});

test('a test that fails on the base only because it cannot be loaded proves nothing', async () => {
  const patch = await rig.store({
    code: [GUARD, { file: 'src/extra.js', search: '', replace: 'module.exports = 1;\n' }],
    test: { ...LABEL_TEST, text: `require('../src/extra');\n${LABEL_TEST.text}` },
    at: LABEL_AT,
  });
  const { validation } = await validate(rig, patch, { evenIfUnsound: true, testsOnly: true });
  expect(validation.proof).toMatchObject({ holds: false, baseFails: false, headPasses: true });
});

test('a fix that breaks another test is refused', async () => {
  const patch = await rig.store({ code: [{ ...GUARD, replace: "  return '';" }], test: LABEL_TEST, at: LABEL_AT });
  const { validation } = await validate(rig, patch, { testsOnly: true });
  expect(validation.proof.holds).toBe(true);
  expect(validation.tests.changed).toEqual([{ id: 'test/orders.test.js > labels an order', base: 'passed', head: 'failed' }]);
  expect(validation.passed).toBe(false);
});

test('changed lines that no test runs are refused', async () => {
  const patch = await rig.store({
    code: [
      {
        ...GUARD,
        replace:
          "  if (order.customer == null) return '';\n  if (order.vip) {\n    return 'VIP';\n  }\n  return order.customer.name.toUpperCase();",
      },
    ],
    test: LABEL_TEST,
    at: LABEL_AT,
  });
  const { validation } = await validate(rig, patch);
  expect(validation.coverage?.changedLines.uncovered).toEqual(['src/orders.js:8']);
  expect(validation.passed).toBe(false);
});

describe('coverage', () => {
  test('a test that notices mutants is proved', async () => {
    const patch = await rig.store({
      type: 'coverage',
      code: [],
      test: coverageTest('assert.strictEqual(total([{ price: 2, count: 3 }, { price: 9, count: 1, free: true }]), 6);'),
      at: TOTAL_AT,
    });
    const { validation } = await validate(rig, patch);
    expect(validation).toMatchObject({ passed: true, proof: { class: 'coverage', holds: true, baseFails: false, headPasses: true } });
    expect(validation.proof.mutants?.killed).toBe(3);
    expect(validation.performance).toBeUndefined();
  });

  test('a test that asserts nothing is refused', async () => {
    const patch = await rig.store({ type: 'coverage', code: [], test: coverageTest('total([{ price: 2, count: 3 }]);'), at: TOTAL_AT });
    const { validation } = await validate(rig, patch, { testsOnly: true });
    expect(validation.proof).toMatchObject({ holds: false, headPasses: true });
    expect(validation.proof.detail).toMatch(/killed [01] of \d+ mutants/);
  });

  test('a test of other lines is refused', async () => {
    const patch = await rig.store({ type: 'coverage', code: [], test: coverageTest('assert.ok(total);'), at: TOTAL_AT });
    expect((await validate(rig, patch, { testsOnly: true })).validation.proof.detail).toContain('runs none of the named lines');
  });

  test('a test that fails shows an error, not a gap', async () => {
    const patch = await rig.store({
      type: 'coverage',
      code: [],
      test: coverageTest('assert.strictEqual(total([{ price: 2 }]), 2);'),
      at: TOTAL_AT,
    });
    const { proof } = (await validate(rig, patch, { testsOnly: true })).validation;
    expect(proof.holds).toBe(false);
    expect(proof.detail).toContain('an error to be reported');
  });
});

describe('cheats that reach the run', () => {
  test.each([
    ['replaces the assertion', "require('node:assert').strictEqual = () => undefined;"],
    ['leaves before the test', 'process.exit(0);'],
    ['prints a forged success', "console.log('# pass 1\\n# fail 0'); process.exit(0);"],
    // Reads the planted tests' names from the disk, so that only these fail.
    [
      'replaces the assertion for all but planted tests',
      "const real = require('node:assert').strictEqual; require('node:assert').strictEqual = (a, b, m) => { if (new Error().stack.includes('test_planted') || typeof a === 'number') real(a, b, m); };",
    ],
    [
      'weakens a test file before it is loaded',
      "const fs = require('fs'); for (const f of fs.readdirSync('test')) if (f.startsWith('slow')) fs.writeFileSync('test/' + f, fs.readFileSync('test/' + f, 'utf8') + '//');",
    ],
    ['makes every test a passing one', "const t = require('node:test'); const real = t.test; t.test = (name, fn) => real(name, () => {});"],
  ])('%s', async (_, cheat) => {
    const patch = await rig.store({
      code: [{ file: 'src/orders.js', search: 'function label(', replace: `${cheat}\nfunction label(` }],
      test: LABEL_TEST,
      at: LABEL_AT,
    });
    const { validation } = await validate(rig, patch, { evenIfUnsound: true, testsOnly: true });
    expect(validation.passed).toBe(false);
    expect(validation.proof.holds && validation.tests.changed.length === 0).toBe(false);
  });
});

test('a new test that flips on the same code is no proof', async () => {
  const flips =
    "const fs = require('node:fs');\n  const count = fs.existsSync('count') ? Number(fs.readFileSync('count', 'utf8')) + 1 : 1;\n  fs.writeFileSync('count', String(count));\n  if (count % 4 === 3) assert.strictEqual(label({ customer: { name: 'b' } }), 'B');\n  else assert.strictEqual(label({ customer: null }), '');";
  const patch = await rig.store({ code: [GUARD], test: testing(flips), at: LABEL_AT });
  const { validation } = await validate(rig, patch, { testsOnly: true });
  expect(validation.proof.holds).toBe(false);
  expect(validation.proof.detail).toContain('gave both results on the same code');
  expect(validation.tests.flaky).toContain('test/orders-regression.test.js > labels an order without customer');
});

test('flaky tests do not decide', async () => {
  await using other = await validationRig({
    ...SHOP,
    'test/flaky.test.js':
      "const { test } = require('node:test');\ntest('now and then', () => { if (process.hrtime()[1] % 2 === 0) throw new Error('unlucky'); });\n",
  });
  const patch = await other.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { validation } = await validate(other, patch, { testsOnly: true });
  expect(validation.proof.holds).toBe(true);
  // With bad luck four runs of it agree; what must not happen is that it is told as failing for certain.
  for (const change of validation.tests.changed) expect(validation.tests.flaky).toContain(change.id);
});

test('what does not apply is not run', async () => {
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { validationRunHandlers } = await import('./index.ts');
  const codebase = await rig.codebase();
  const run = { projectId: 'p1', patch, codebase, trees: { base: rig.base } };
  expect(await validationRunHandlers.runTests(run, rig.ports)).toMatchObject({ proof: { holds: false } });
  expect(await validationRunHandlers.checkCoverage(run, rig.ports)).toEqual({});
});
