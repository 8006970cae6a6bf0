import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../testing/repository.ts';
import { detectRunner } from './detect-runner.ts';

/** Two packages with runners of their own; the one imports the other by its name, through a link as package managers make it. */
const FILES = {
  'package.json': '{"private":true,"scripts":{"test":"node tools/mark.mjs && pnpm -r test"}}',
  'pnpm-workspace.yaml': 'packages:\n  - "packages/*"\n  - "!packages/unused"\n',
  'tools/mark.mjs': "import { writeFileSync } from 'node:fs';\nwriteFileSync('packages/price/built.js', 'export const rate = 2;');\n",
  'packages/unused/package.json': '{"name":"unused","scripts":{"test":"mocha"}}',
  'packages/unused/test/a.js': "it('is not run', () => {});\n",
  'packages/price/package.json': '{"name":"@shop/price","type":"module","exports":"./src/price.js","scripts":{"test":"node --test"}}',
  'packages/price/src/price.js': "import { rate } from '../built.js';\nexport const price = (count) => count * rate;\n",
  'packages/price/test/price.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price } from '../src/price.js';
test('multiplies', () => assert.equal(price(2), 4));
test('fails', () => assert.equal(price(2), 5));
`,
  'packages/api/package.json': '{"name":"@shop/api","type":"module","scripts":{"test":"vitest run"}}',
  'packages/api/vitest.config.js': "export default { test: { include: ['checks/**/*.spec.js'] } };\n",
  'packages/api/src/quote.js': "import { price } from '@shop/price';\nexport const quote = (count) => ({ total: price(count) });\n",
  'packages/api/checks/quote.spec.js': `import { expect, test } from 'vitest';
import { quote } from '../src/quote.js';
test('quotes', () => expect(quote(3)).toEqual({ total: 6 }));
`,
};

describe('a workspace whose packages have runners of their own', () => {
  let repository: TestRepository;
  beforeAll(async () => {
    repository = await makeRepository(FILES, { packages: true });
    await repository.link('packages/api/node_modules/@shop/price', '../../../price');
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  it('has these runners, each with its files', async () => {
    await expect(repository.sandbox().detectRunner(repository.root)).resolves.toEqual({
      name: 'vitest',
      command: 'node tools/mark.mjs && pnpm -r test',
      testFiles: ['packages/api/checks/quote.spec.js', 'packages/price/test/price.test.js'],
      members: [
        {
          name: 'vitest',
          command: 'vitest run',
          folder: 'packages/api',
          configFile: 'packages/api/vitest.config.js',
          testFiles: ['packages/api/checks/quote.spec.js'],
        },
        { name: 'node:test', command: 'node --test', folder: 'packages/price', testFiles: ['packages/price/test/price.test.js'] },
      ],
    });
  });

  it('runs all of them, after what the command prepares, with one report', async () => {
    const sandbox = repository.sandbox();
    await using checkout = await sandbox.checkout('HEAD');
    const runner = await sandbox.detectRunner(checkout.path);
    if (runner === undefined) throw new Error('no runner was found');
    const report = await sandbox.runTests(checkout, runner, { coverage: true });
    expect(report.results.map(({ id, status }) => [id, status]).sort()).toEqual([
      ['packages/api/checks/quote.spec.js > quotes', 'passed'],
      ['packages/price/test/price.test.js > fails', 'failed'],
      ['packages/price/test/price.test.js > multiplies', 'passed'],
    ]);
    expect(report).toMatchObject({ forged: false, plantedFailureSeen: true });
    expect(report.run.exitCode).not.toBe(0);
    // Run by both packages: once by the test of the one, twice by those of the other.
    expect(report.coverage?.find(({ path }) => path === 'packages/price/src/price.js')?.lines).toMatchObject({ 2: 3 });

    const chosen = await sandbox.runTests(checkout, runner, { files: ['packages/api/checks/quote.spec.js'] });
    expect(chosen.results.map(({ id }) => id)).toEqual(['packages/api/checks/quote.spec.js > quotes']);
    expect(chosen).toMatchObject({ forged: false, plantedFailureSeen: true, run: { exitCode: 0 } });
    await expect(sandbox.runTests(checkout, runner, { files: ['tools/a.test.js'] })).rejects.toMatchObject({ code: 'RUNNER_UNKNOWN' });
  });
});

describe('what a workspace says of its tests', () => {
  const packages = {
    'packages/a/package.json': '{"name":"@shop/a","scripts":{"test":"node --test"}}',
    'packages/a/a.test.js': '',
    'packages/b/package.json': '{"name":"b","scripts":{"test":"mocha"}}',
    'packages/b/test/b.js': '',
  };
  const both = ['packages/a', 'packages/b'];
  it.each([
    ['npm', { scripts: { test: 'npm test --workspaces --if-present' }, workspaces: ['packages/*'] }, both],
    ['yarn', { scripts: { test: 'yarn workspaces foreach -A run test' }, workspaces: { packages: ['packages/*'] } }, both],
    ['turbo', { scripts: { test: 'turbo run test' }, workspaces: ['packages/a', 'packages/b'] }, both],
    ['no script', { workspaces: ['packages/*'] }, both],
    ['one package by name', { scripts: { test: 'pnpm --filter @shop/a test' }, workspaces: ['packages/*'] }, ['packages/a']],
    ['one package by folder', { scripts: { test: 'npm run test -w packages/b' }, workspaces: ['packages/*'] }, ['packages/b']],
    ['a runner at the top', { scripts: { test: 'node --test packages/a/*.js' }, workspaces: ['packages/*'] }, undefined],
    [
      'options of the script',
      { scripts: { test: 'yarn unit -r ts-node/register', unit: 'mocha packages/b/test' }, workspaces: ['packages/*'] },
      undefined,
    ],
  ])('%s', async (_, manifest, folders) => {
    await using repository = await makeRepository({ 'package.json': JSON.stringify(manifest), ...packages });
    const runner = await detectRunner(repository.root);
    expect(runner?.members?.map(({ folder }) => folder)).toEqual(folders);
    expect(runner?.testFiles).not.toEqual([]);
  });
});
