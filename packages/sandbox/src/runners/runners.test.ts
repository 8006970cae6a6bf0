import type { Sandbox, TestReport, TestRunOptions } from '@selfheal/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../testing/repository.ts';

const SUM_TS = `export interface Pair {
  a: number;
  b?: number;
}

export function add({ a, b }: Pair): number {
  if (b === undefined) {
    return a;
  }
  return a + b;
}

export function unused(): number {
  return 1;
}
`;
const SUM_JS = `function add({ a, b }) {
  if (b === undefined) {
    return a;
  }
  return a + b;
}

function unused() {
  return 1;
}
`;
const CASES = {
  vitest: {
    'package.json': '{"type":"module","scripts":{"test":"vitest run --coverage"}}',
    'vitest.config.ts': "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { environment: 'node' } });\n",
    'src/sum.ts': SUM_TS,
    'src/never.ts': 'export const never = (): number => 1;\n',
    'src/sum.test.ts': `import { describe, expect, it } from 'vitest';
import { add } from './sum.ts';
describe('add', () => {
  it('adds (both)', () => { expect(add({ a: 1, b: 2 })).toBe(3); });
  it('fails', () => { expect(add({ a: 1, b: 2 })).toBe(4); });
  it.skip('skips', () => {});
});
`,
  },
  'node:test': {
    'package.json': '{"type":"module","scripts":{"pretest":"eslint .","test":"node --test --test-reporter spec src/*.test.ts"}}',
    'src/sum.ts': SUM_TS,
    'src/never.ts': 'export const never = (): number => 1;\n',
    'src/sum.test.ts': `import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { add } from './sum.ts';
describe('add', () => {
  it('adds (both)', () => { assert.equal(add({ a: 1, b: 2 }), 3); });
  it('fails', () => { assert.equal(add({ a: 1, b: 2 }), 4); });
  it.skip('skips', () => {});
});
`,
  },
  jest: {
    'package.json': '{"scripts":{"test":"jest --bail"},"jest":{"testEnvironment":"node"}}',
    'src/sum.js': `${SUM_JS}module.exports = { add, unused };\n`,
    'src/never.js': 'exports.never = () => 1;\n',
    'src/sum.test.js': `const { add } = require('./sum');
describe('add', () => {
  it('adds (both)', () => { expect(add({ a: 1, b: 2 })).toBe(3); });
  it('fails', () => { expect(add({ a: 1, b: 2 })).toBe(4); });
  it.skip('skips', () => {});
});
`,
  },
  mocha: {
    'package.json': '{"scripts":{"test":"NODE_ENV=test mocha --bail --exit \'test/**/*.spec.js\'"}}',
    'src/sum.js': `${SUM_JS}module.exports = { add, unused };\n`,
    'src/never.js': 'exports.never = () => 1;\n',
    'test/sum.spec.js': `const assert = require('assert');
const { add } = require('../src/sum');
describe('add', () => {
  it('adds (both)', () => { assert.strictEqual(add({ a: 1, b: 2 }), 3); });
  it('fails', () => { assert.strictEqual(add({ a: 1, b: 2 }), 4); });
  it.skip('skips', () => {});
});
`,
  },
  ava: {
    'package.json': '{"type":"module","scripts":{"test":"ava --verbose"}}',
    'src/sum.js': `${SUM_JS}export { add, unused };\n`,
    'src/never.js': 'export const never = () => 1;\n',
    'test/sum.test.js': `import test from 'ava';
import { add } from '../src/sum.js';
test('adds (both)', (t) => { t.is(add({ a: 1, b: 2 }), 3); });
test('fails', (t) => { t.is(add({ a: 1, b: 2 }), 4); });
test.skip('skips', (t) => { t.pass(); });
`,
  },
  tap: {
    'package.json': '{"scripts":{"test":"tap --disable-coverage --node-arg=--no-warnings test/*.js"}}',
    'src/sum.js': `${SUM_JS}module.exports = { add, unused };\n`,
    'src/never.js': 'exports.never = () => 1;\n',
    'test/sum.test.js': `const t = require('tap');
const { add } = require('../src/sum');
t.test('add', async (t) => {
  t.test('adds (both)', async (t) => { t.equal(add({ a: 1, b: 2 }), 3); });
  t.test('fails', async (t) => { t.equal(add({ a: 1, b: 2 }), 4); });
  t.test('skips', { skip: true }, async (t) => {});
});
`,
  },
} as const;

const open: TestRepository[] = [];
afterAll(async () => {
  for (const repository of open) await repository[Symbol.asyncDispose]();
});

async function run(files: Readonly<Record<string, string>>, options: TestRunOptions = {}): Promise<TestReport> {
  const repository = await makeRepository(files, { packages: true });
  open.push(repository);
  return await runIn(repository.sandbox(), options);
}

async function runIn(sandbox: Sandbox, options: TestRunOptions): Promise<TestReport> {
  await using checkout = await sandbox.checkout('HEAD');
  const runner = await sandbox.detectRunner(checkout.path);
  if (runner === undefined) throw new Error('no runner was found');
  return await sandbox.runTests(checkout, runner, options);
}

describe.each(Object.entries(CASES))('%s', (name, files) => {
  // ava has no suites.
  const suite = name === 'ava' ? '' : 'add > ';
  const testFile = Object.keys(files).find((file) => /\.(test|spec)\./.test(file)) ?? '';
  const source = Object.keys(files).find((file) => /sum\.[jt]s$/.test(file)) ?? '';
  const firstLine = source.endsWith('.ts') ? 6 : 1;

  test('is found, with its test files', async () => {
    await using repository = await makeRepository(files);
    await expect(repository.sandbox().detectRunner(repository.root)).resolves.toMatchObject({ name, testFiles: [testFile] });
  });

  test('reports each test and the lines that ran', async () => {
    const report = await run(files, { coverage: true });
    expect(report.results.map(({ id, status }) => [id, status]).sort()).toEqual([
      [`${testFile} > ${suite}adds (both)`, 'passed'],
      [`${testFile} > ${suite}fails`, 'failed'],
      [`${testFile} > ${suite}skips`, 'skipped'],
    ]);
    expect(report.results.find(({ status }) => status === 'failed')?.error?.message).toMatch(/4/);
    expect(report).toMatchObject({ forged: false, plantedFailureSeen: true });
    expect(report.run.exitCode).not.toBe(0);

    const never = source.replace('sum', 'never');
    expect(report.coverage?.map(({ path }) => path)).toEqual([never, source]);
    const [untouched, covered] = report.coverage ?? [];
    expect(Object.values(untouched?.lines ?? {}).every((count) => count === 0)).toBe(true);
    expect(covered?.lines).toMatchObject({ [firstLine + 1]: 2, [firstLine + 2]: 0, [firstLine + 4]: 2, [firstLine + 8]: 0 });
    expect(covered?.functions).toEqual([
      { name: 'add', startLine: firstLine, endLine: firstLine + 5, count: 2 },
      { name: 'unused', startLine: firstLine + 7, endLine: firstLine + 9, count: 0 },
    ]);
    expect(covered?.branches).toEqual({ covered: 1, total: 2 });
  });

  test('runs one test of one file', async () => {
    const report = await run(files, { files: [testFile], titles: [`${suite}adds (both)`] });
    expect(report.results.map(({ id, status }) => [id, status])).toEqual([[`${testFile} > ${suite}adds (both)`, 'passed']]);
    expect(report).toMatchObject({ forged: false, plantedFailureSeen: true, run: { exitCode: 0 } });
  });

  test('sees a file that cannot be loaded', async () => {
    const report = await run({ ...files, [source]: 'syntax error here' });
    expect(report.results.some(({ status }) => status === 'failed')).toBe(true);
    expect(report.results.some(({ status }) => status === 'passed')).toBe(false);
  });

  test('tells what was done when a test hangs', async () => {
    // As stuck as an endless loop, and no load to what runs beside it.
    const stuck = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    const hanging =
      { ava: `test('hangs', () => { ${stuck} });`, tap: `require('tap').test('hangs', () => { ${stuck} });` }[name] ??
      `describe('late', () => { it('hangs', () => { ${stuck} }); });`;
    const text = Object.entries(files).find(([file]) => file === testFile)?.[1] ?? '';
    const other = testFile.replace('sum', 'zzz');
    const imports = text
      .split('\n')
      .filter((line) => line.startsWith('import'))
      .join('\n');
    const report = await run({ ...files, [other]: `${imports}\n${hanging}\n` }, { timeoutMs: 4_000 });
    expect(report.run.timedOut).toBe(true);
    expect(report.results.some(({ status, title }) => status === 'failed' && title === 'test run')).toBe(true);
    if (name === 'mocha') expect(report.results.some(({ status }) => status === 'passed')).toBe(true);
  });
});
