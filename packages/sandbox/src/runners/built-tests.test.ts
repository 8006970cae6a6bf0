import { expect, test } from 'vitest';
import { makeRepository } from '../testing/repository.ts';

const FILES = {
  '.gitignore': 'node_modules\ndist\n',
  'package.json': '{"type":"module","scripts":{"build":"tsc -p .","test":"npm run build && node --test dist/"}}',
  'tsconfig.json':
    '{"compilerOptions":{"module":"nodenext","target":"es2022","rootDir":"src","outDir":"dist","sourceMap":true,"types":["node"]},"include":["src"]}',
  'src/sum.ts':
    'export interface Pair {\n  a: number;\n  b: number;\n}\n\nexport function add(pair: Pair): number {\n  return pair.a + pair.b;\n}\n',
  'src/sum.test.ts':
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { add } from './sum.js';\ntest('adds', () => assert.equal(add({ a: 1, b: 2 }), 3));\ntest('other', () => {});\n",
};

test('tests that run from build output are told by their sources', async () => {
  await using repository = await makeRepository(FILES, { packages: true });
  const sandbox = repository.sandbox();
  await using checkout = await sandbox.checkout('HEAD');
  const runner = await sandbox.detectRunner(checkout.path);
  if (runner === undefined) throw new Error('no runner was found');
  expect(runner.testFiles).toEqual(['src/sum.test.ts']);
  const all = await sandbox.runTests(checkout, runner, { coverage: true });
  expect(all.results.map(({ id, status }) => `${id}: ${status}`)).toEqual([
    'src/sum.test.ts > adds: passed',
    'src/sum.test.ts > other: passed',
  ]);
  expect(all).toMatchObject({ forged: false, plantedFailureSeen: true, coverage: [{ path: 'src/sum.ts', lines: { 7: 1 } }] });

  const one = await sandbox.runTests(checkout, runner, { files: ['src/sum.test.ts'], titles: ['adds'] });
  expect(one).toMatchObject({ forged: false, plantedFailureSeen: true, results: [{ id: 'src/sum.test.ts > adds', status: 'passed' }] });

  await checkout.apply([{ file: 'src/sum.ts', search: 'pair.a + pair.b', replace: 'pair.a + pair.c' }]);
  const broken = await sandbox.runTests(checkout, runner);
  expect(broken).toMatchObject({ forged: false, results: [{ id: 'tsc -p .', status: 'failed' }] });
  expect(broken.results[0]?.error?.message).toContain("Property 'c' does not exist");
});

test('test files that only the runner knows are learned from it', async () => {
  await using repository = await makeRepository(
    {
      'package.json': '{"scripts":{"test":"mocha"}}',
      '.mocharc.cjs': "module.exports = { spec: ['un', 'it'].join('') + '/*.js' };\n",
      'unit/a.js': "it('a', () => {});\n",
    },
    { packages: true },
  );
  const sandbox = repository.sandbox();
  await using checkout = await sandbox.checkout('HEAD');
  const runner = await sandbox.detectRunner(checkout.path);
  if (runner === undefined) throw new Error('no runner was found');
  expect(runner.testFiles).toEqual([]);
  expect(await sandbox.runTests(checkout, runner)).toMatchObject({
    forged: false,
    plantedFailureSeen: true,
    results: [{ id: 'unit/a.js > a', status: 'passed' }],
  });
});
