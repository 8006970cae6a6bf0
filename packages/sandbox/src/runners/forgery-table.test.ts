import type { Checkout, TestReport, TestRunner, WarmTests } from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgeries } from '../testing/forgeries.ts';
import { makeRepository, type TestRepository } from '../testing/repository.ts';

const RUNNERS = {
  'node:test': {
    command: 'node --test',
    text: "const { test } = require('node:test');\nconst assert = require('node:assert');\nrequire('./code');\ntest('one is two', async () => { await null; assert.strictEqual(1, 2); });\n",
  },
  mocha: {
    command: 'mocha *.test.js',
    text: "const assert = require('assert');\nrequire('./code');\nit('one is two', async () => { await null; assert.strictEqual(1, 2); });\n",
  },
};
const HONEST = '// nothing\n';
const LIMITS = { steps: 100_000, testMs: 2_000, hangMs: 5_000 };

describe.each(Object.entries(RUNNERS))('%s', (name, { command, text }) => {
  let repository: TestRepository;
  let checkout: Checkout;
  let runner: TestRunner;
  let warm: WarmTests;
  const sandboxOf = (one: TestRepository) => one.sandbox();
  let sandbox: ReturnType<typeof sandboxOf>;

  beforeAll(async () => {
    repository = await makeRepository(
      { 'package.json': JSON.stringify({ scripts: { test: command } }), 'a.test.js': text, 'code.js': HONEST },
      { packages: true },
    );
    sandbox = sandboxOf(repository);
    checkout = await sandbox.checkout('HEAD');
    const detected = await sandbox.detectRunner(checkout.path);
    if (detected === undefined) throw new Error('no runner was found');
    runner = detected;
    warm = await sandbox.openWarmTests(checkout, runner, { sources: ['code.js'] });
  });
  afterAll(async () => {
    await warm[Symbol.asyncDispose]();
    await checkout[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  const believed = (report: TestReport): boolean =>
    !report.forged &&
    report.plantedFailureSeen &&
    report.results.some(({ title, status }) => title === 'one is two' && status === 'passed');

  // In mocha's own process the code is nearest to what reports; forgery.test.ts asks the other runners.
  test.each(name === 'mocha' ? Object.entries(forgeries) : [])('no run is believed whose code %s', async (_name, code) => {
    await using own = await sandbox.checkout('HEAD');
    await own.apply([{ file: 'code.js', search: HONEST, replace: code }]);
    expect(believed(await sandbox.runTests(own, runner, { files: ['a.test.js'], timeoutMs: 20_000 }))).toBe(false);
  });

  test.each(Object.entries(forgeries))('the warm process is not fooled by code that %s', async (_name, code) => {
    const change = { file: 'code.js', start: 0, end: HONEST.length, text: code };
    const { results } = await warm.run([change], { limits: LIMITS });
    expect(results.filter(({ title, passed }) => title === 'one is two' && passed)).toEqual([]);
    // Nor is it by what that code left behind.
    const after = await warm.run([], { limits: LIMITS });
    expect(after.results.filter(({ passed }) => passed)).toEqual([]);
  });
});
