import type { TestReport, TestRunOptions } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { makeRepository } from '../testing/repository.ts';

/** How each runner's tests begin, and how its assertion is replaced from within the code under test. */
const RUNNERS = {
  vitest: {
    package: '{"type":"module","scripts":{"test":"vitest run"}}',
    file: 'a.test.js',
    test: "import { expect, test } from 'vitest';\nimport './code.js';\ntest('one is two', () => { expect(1).toBe(2); });\n",
    replace: "import { expect } from 'vitest';\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n",
  },
  'node:test': {
    package: '{"scripts":{"test":"node --test"}}',
    file: 'a.test.js',
    test: "const { test } = require('node:test');\nconst assert = require('node:assert');\nrequire('./code');\ntest('one is two', () => { assert.strictEqual(1, 2); });\n",
    replace: "require('node:assert').strictEqual = () => undefined;\n",
  },
  jest: {
    package: '{"scripts":{"test":"jest"}}',
    file: 'a.test.js',
    test: "require('./code');\ntest('one is two', () => { expect(1).toBe(2); });\n",
    replace: "expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n",
  },
  mocha: {
    package: '{"scripts":{"test":"mocha *.test.js"}}',
    file: 'a.test.js',
    test: "const assert = require('assert');\nrequire('./code');\nit('one is two', () => { assert.strictEqual(1, 2); });\n",
    replace: "require('node:assert').strictEqual = () => undefined;\n",
  },
} as const;

async function run(name: keyof typeof RUNNERS, code: string, options: TestRunOptions = {}): Promise<TestReport> {
  const runner = RUNNERS[name];
  await using repository = await makeRepository(
    { 'package.json': runner.package, [runner.file]: runner.test, 'code.js': code },
    { packages: true },
  );
  const sandbox = repository.sandbox();
  await using checkout = await sandbox.checkout('HEAD');
  const detected = await sandbox.detectRunner(checkout.path);
  if (detected === undefined) throw new Error('no runner was found');
  return await sandbox.runTests(checkout, detected, options);
}

describe.each(Object.keys(RUNNERS) as (keyof typeof RUNNERS)[])('%s', (name) => {
  test('a replaced assertion is seen', async () => {
    const report = await run(name, RUNNERS[name].replace, { files: ['a.test.js'] });
    expect(report.results.map(({ status }) => status)).toEqual(['passed']);
    expect(report.forged).toBe(true);
  });

  test('an early exit with success is no success', async () => {
    const report = await run(name, 'process.exit(0);\n');
    const passed = report.results.some(({ title, status }) => title === 'one is two' && status === 'passed');
    expect(passed).toBe(false);
    if (name === 'mocha') expect(report.forged).toBe(true);
  });
});

const IMPORTS =
  "const { existsSync, readdirSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');\nconst { join } = require('node:path');\n";
const REPORTS =
  "const out = join(__dirname, '..', 'out');\nconst found = readdirSync(out).flatMap((a) => readdirSync(join(out, a)).map((b) => join(out, a, b))).filter((f) => !f.endsWith('coverage'));\n";

describe('the report', () => {
  test('cannot be overwritten', async () => {
    const report = await run('node:test', `${IMPORTS}${REPORTS}for (const file of found) writeFileSync(file, 'ok\\n');\n`);
    expect(report.forged).toBe(true);
  });

  test('cannot be added to, by lines of the right form', async () => {
    const line = '{"kind":"test","file":"a.test.js","path":["one is two"],"status":"passed"}';
    const report = await run(
      'mocha',
      `${IMPORTS}${REPORTS}for (const file of found) appendFileSync(file, '${'0'.repeat(64)} ${line}\\n');\n`,
    );
    expect(report.forged).toBe(true);
    expect(report.results.some(({ status }) => status === 'passed')).toBe(false);
  });

  test('its key is not on the standard input of tests', async () => {
    const report = await run(
      'mocha',
      `${IMPORTS}const rest = readFileSync(0, 'utf8');\nif (rest !== '') throw new Error('stdin: ' + rest);\n`,
    );
    expect(report).toMatchObject({ forged: false, plantedFailureSeen: true });
    expect(JSON.stringify(report)).not.toContain('stdin:');
  });

  test('of an honest failing run is believed', async () => {
    const report = await run('node:test', '');
    expect(report).toMatchObject({ forged: false, plantedFailureSeen: true, results: [{ status: 'failed' }] });
  });
});

test('a setup that makes everything pass is seen', async () => {
  await using repository = await makeRepository(
    {
      'package.json': '{"scripts":{"test":"mocha --require ./setup.js *.test.js"}}',
      'setup.js': "const { Runnable } = require('mocha');\nRunnable.prototype.run = function (done) { done(); };\n",
      'a.test.js': RUNNERS.mocha.test,
      'code.js': '',
    },
    { packages: true },
  );
  const sandbox = repository.sandbox();
  await using checkout = await sandbox.checkout('HEAD');
  const runner = await sandbox.detectRunner(checkout.path);
  if (runner === undefined) throw new Error('no runner was found');
  expect(await sandbox.runTests(checkout, runner)).toMatchObject({ forged: true, plantedFailureSeen: false });
});
