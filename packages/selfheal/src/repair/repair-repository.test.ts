import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { applyRepair } from './apply-repair.ts';
import { repairRepository } from './repair-repository.ts';

const PACKAGES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
const BUDGET = { budgetMs: 20_000 };

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-repair-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await symlink(PACKAGES, join(folder, 'node_modules'));
  return folder;
}

const packageJson = (script: string, type = 'module'): string => JSON.stringify({ name: 'target', type, scripts: { test: script } });
const BUGGY = `export function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) {
    sum += items[i].price * items[i].count;
  }
  return sum;
}
`;
const COMMONJS = BUGGY.replace('export function total', 'exports.total = function total').replace(/}\n$/, '};\n');
const CALLS = [`total([{ price: 2, count: 3 }])`, `total([{ price: 2, count: 1 }, { price: 5, count: 2 }])`];

describe('repairRepository', () => {
  test.each([
    {
      runner: 'node:test',
      files: {
        'package.json': packageJson('node --test'),
        'src/total.js': BUGGY,
        'test/total.test.js': `import test from 'node:test';\nimport assert from 'node:assert';\nimport { total } from '../src/total.js';\ntest('adds up', () => {\n  assert.strictEqual(${CALLS[0]}, 6);\n  assert.strictEqual(${CALLS[1]}, 12);\n  assert.strictEqual(total([]), 0);\n});\n`,
      },
    },
    {
      runner: 'vitest',
      files: {
        'package.json': packageJson('vitest run'),
        'src/total.ts': BUGGY.replace('(items)', '(items: { price: number; count: number }[]): number'),
        'test/total.test.ts': `import { expect, test } from 'vitest';\nimport { total } from '../src/total';\ntest('adds up', () => {\n  expect(${CALLS[0]}).toBe(6);\n  expect(${CALLS[1]}).toBe(12);\n});\ntest('of nothing', () => { expect(total([])).toEqual(0); });\n`,
      },
    },
    {
      runner: 'mocha',
      files: {
        'package.json': packageJson('mocha test/*.js', 'commonjs'),
        'src/total.js': COMMONJS,
        'test/total.test.js': `const assert = require('assert');\nconst { total } = require('../src/total');\ndescribe('total', () => {\n  it('adds up', () => { assert.equal(${CALLS[0]}, 6); assert.equal(${CALLS[1]}, 12); });\n  it('of nothing', (done) => { assert.equal(total([]), 0); done(); });\n});\n`,
      },
    },
    {
      runner: 'jest',
      files: {
        'package.json': packageJson('jest', 'commonjs'),
        'src/total.js': COMMONJS,
        'test/total.test.js': `const { total } = require('../src/total');\ndescribe('total', () => {\n  test('adds up', () => { expect(${CALLS[0]}).toBe(6); expect(${CALLS[1]}).toBe(12); });\n  test('of nothing', () => { expect(total([])).toBe(0); });\n});\n`,
      },
    },
    {
      runner: 'a script',
      files: {
        'package.json': packageJson('node test.js'),
        'src/total.js': BUGGY,
        'test.js': `import assert from 'node:assert';\nimport { total } from './src/total.js';\nassert.equal(${CALLS[0]}, 6);\nassert.equal(${CALLS[1]}, 12);\nassert.equal(total([]), 0);\n`,
      },
    },
  ])('mends a loop that begins too late, tested by $runner, in the warm process', { timeout: 90_000 }, async ({ files }) => {
    const folder = await folderWith(files);
    const report = await repairRepository({ repo: folder, ...BUDGET });
    expect(report).toMatchObject({ status: 'offered', candidates: { mode: 'warm' } });
    expect(report.patches[0]?.diff).toContain('+  for (let i = 0; i < items.length; i++) {');
    expect(report.patches[0]?.proof).toMatchObject({ broken: [] });
    expect(report.locations.after[0]).toMatchObject({ line: 3 });
  });

  test('mends a file that does not parse and writes the patch', { timeout: 90_000 }, async () => {
    const folder = await folderWith({
      'package.json': packageJson('node --test'),
      'src/total.js': BUGGY.replace('i = 1', 'i = 0').replace('items.length; i++) {', 'items.length; i++ {'),
      'test/total.test.js': `import test from 'node:test';\nimport assert from 'node:assert';\nimport { total } from '../src/total.js';\ntest('adds up', () => {\n  assert.strictEqual(${CALLS[1]}, 12);\n});\n`,
    });
    const report = await repairRepository({ repo: folder, ...BUDGET });
    expect(report.status).toBe('offered');
    expect(await applyRepair(folder, report)).toEqual(['src/total.js']);
    expect(await readFile(join(folder, 'src/total.js'), 'utf8')).toContain('i++) {');
  });

  test('mends what does not compile, by the check of types that is given as the test', { timeout: 90_000 }, async () => {
    const folder = await folderWith({
      'package.json': packageJson('echo'),
      'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, lib: ['es2022'], types: [], noEmit: true }, include: ['src'] }),
      'src/total.ts':
        'export interface Item { price: number; count?: number }\nexport const total = (item: Item): number => item.prise * (item.count ?? 1);\n',
    });
    const report = await repairRepository({ repo: folder, test: 'npx tsc --noEmit', ...BUDGET });
    expect(report).toMatchObject({ status: 'offered', compileErrors: 1, candidates: { mode: 'compile' } });
    expect(report.patches[0]?.diff).toContain('+export const total = (item: Item): number => item.price * (item.count ?? 1);');
    expect(report.patches[0]?.proof).toMatchObject({ compiles: 'tsc --noEmit' });
    expect(report.locations.before[0]).toMatchObject({ file: 'src/total.ts', line: 2 });
  });

  test('of edits that compile, the tests choose', { timeout: 90_000 }, async () => {
    const folder = await folderWith({
      'package.json': packageJson('vitest run'),
      'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, lib: ['es2022'], types: [], noEmit: true }, include: ['src'] }),
      'src/name.ts': 'export function shout(name?: string): string {\n  return name.toUpperCase();\n}\n',
      'test/name.test.ts': `import { expect, test } from 'vitest';\nimport { shout } from '../src/name';\ntest('shouts', () => {\n  expect(shout('a')).toBe('A');\n  expect(shout('bc')).toBe('BC');\n});\n`,
    });
    const report = await repairRepository({ repo: folder, ...BUDGET });
    expect(report).toMatchObject({ status: 'offered', failing: [], compileErrors: 1, candidates: { mode: 'warm' } });
    expect(report.patches[0]?.proof).toMatchObject({ passed: 1, broken: [] });
  });

  test('says so where no test fails, and where nothing helps', { timeout: 90_000 }, async () => {
    const test = (expected: string): string =>
      `import test from 'node:test';\nimport assert from 'node:assert';\nimport { name } from '../src/name.js';\ntest('name', () => assert.deepStrictEqual(name(), ${expected}));\n`;
    const files = { 'package.json': packageJson('node --test'), 'src/name.js': 'export const name = () => ({});\n' };
    const healthy = await folderWith({ ...files, 'test/name.test.js': test('{}') });
    expect(await repairRepository({ repo: healthy, ...BUDGET })).toMatchObject({ status: 'healthy', patches: [] });
    const hopeless = await folderWith({ ...files, 'test/name.test.js': test('{ a: [new Map([[1, 2]])], b: /x/ }') });
    expect(await repairRepository({ repo: hopeless, budgetMs: 4_000 })).toMatchObject({ status: 'none', patches: [] });
  });

  test('an endless loop is stopped, as a base and as a candidate', { timeout: 90_000 }, async () => {
    const folder = await folderWith({
      'package.json': packageJson('node --test'),
      'src/count.js':
        'export function count(n) {\n  let turns = 0;\n  while (n > 0) {\n    turns += 1;\n    n += 1;\n    if (turns > 1e7) throw new RangeError("endless");\n  }\n  return turns;\n}\n',
      'test/count.test.js': `import test from 'node:test';\nimport assert from 'node:assert';\nimport { count } from '../src/count.js';\ntest('counts', () => {\n  assert.equal(count(3), 3);\n  assert.equal(count(7), 7);\n  assert.equal(count(0), 0);\n});\n`,
    });
    const report = await repairRepository({ repo: folder, ...BUDGET });
    expect(report.patches[0]?.diff).toMatch(/\+ {4}n (-= 1|--)/);
  });
});

test('where the warm process cannot show what the command shows, each candidate is a run of the command', {
  timeout: 120_000,
}, async () => {
  const folder = await folderWith({
    'package.json': packageJson('node --test'),
    'src/half.js': 'export const half = (n) => n * 2;\n',
    'test/half.test.js': `import test from 'node:test';\nimport assert from 'node:assert';\nimport { isMainThread } from 'node:worker_threads';\nimport { half } from '../src/half.js';\ntest('halves', () => {\n  assert.ok(isMainThread);\n  assert.equal(half(6), 3);\n});\ntest('runs in a process of its own', () => assert.ok(isMainThread));\n`,
  });
  const report = await repairRepository({ repo: folder, budgetMs: 30_000 });
  expect(report.candidates.mode).toBe('process');
  expect(report.patches[0]?.diff).toContain('+export const half = (n) => n / 2;');
});
