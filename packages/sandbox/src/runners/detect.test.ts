import { describe, expect, test } from 'vitest';
import { makeRepository } from '../testing/repository.ts';
import { detectTestRunner } from './detect.ts';

async function detect(files: Readonly<Record<string, string>>, given?: string): Promise<unknown> {
  await using repository = await makeRepository(files);
  return (await detectTestRunner(repository.root, given))?.runner;
}

const NODE_TEST = "import { test } from 'node:test';\n";

describe('the runner', () => {
  test('comes from the test script, with its test files and configuration', async () => {
    expect(
      await detect({
        'package.json': '{"scripts":{"test":"vitest"}}',
        'vite.config.ts': '',
        'vitest.config.ts': '',
        'src/a.test.ts': '',
        'src/a.ts': '',
        'node_modules2/b.spec.js': '',
        '.hidden/c.test.js': '',
      }),
    ).toEqual({
      name: 'vitest',
      command: 'vitest',
      configFile: 'vitest.config.ts',
      testFiles: ['node_modules2/b.spec.js', 'src/a.test.ts'],
    });
  });

  test('comes from the command given, before all else', async () => {
    const files = { 'package.json': '{"scripts":{"test":"vitest","unit":"mocha unit/*.js"}}', 'unit/a.js': '', 'b.test.js': '' };
    expect(await detect(files, 'npm run unit')).toEqual({ name: 'mocha', command: 'npm run unit', testFiles: ['unit/a.js'] });
  });

  test('comes from another script where "test" is none that we read', async () => {
    expect(await detect({ 'package.json': '{"scripts":{"test":"make check","test:unit":"jest"}}', '__tests__/a.js': '' })).toMatchObject({
      name: 'jest',
      testFiles: ['__tests__/a.js'],
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['what is installed', { 'package.json': '{"devDependencies":{"mocha":"*"}}', 'test/a.js': '' }, 'mocha'],
    ['a key of package.json', { 'package.json': '{"jest":{"testMatch":["**/x.js"]}}', 'x.js': '' }, 'jest'],
    ['a configuration file', { 'package.json': '{}', '.mocharc.yml': 'spec: t.js\n', 't.js': '' }, 'mocha'],
    ['the tests themselves', { 'package.json': '{}', 'test/a.ts': NODE_TEST }, 'node:test'],
    ['tests of vitest', { 'package.json': '{}', 'src/a.test.ts': "import { test } from 'vitest';" }, 'vitest'],
  ])('comes from %s', async (_, files, name) => {
    expect(await detect(files)).toMatchObject({ name, testFiles: [Object.keys(files).at(-1)] });
  });

  test('is none where nothing tells', async () => {
    expect(await detect({ 'package.json': '{}', 'src/a.js': '' })).toBeUndefined();
    expect(await detect({ 'package.json': 'not json', 'test/a.js': 'console.log(1)' })).toBeUndefined();
  });
});

describe('test files', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'node --test',
      { 'a.test.js': '', 'b_test.mjs': '', 'test-c.cjs': '', 'test.js': '', 'test/deep/d.js': '', 'src/e.js': '' },
      ['a.test.js', 'b_test.mjs', 'test-c.cjs', 'test.js', 'test/deep/d.js'],
    ],
    ['node --test test', { 'test/a.js': '', 'b.test.js': '' }, ['test/a.js']],
    ['node --test lib', { 'lib/a.js': '', 'lib/b.test.js': '' }, ['lib/b.test.js']],
    ['mocha', { 'test/a.js': '', 'test/deep/b.js': '', 'test/c.ts': '' }, ['test/a.js']],
    ['mocha --recursive -r ts-node/register', { 'test/a.js': '', 'test/deep/b.ts': '' }, ['test/a.js', 'test/deep/b.ts']],
    ['mocha ./spec', { 'spec/a.js': '', 'test/b.js': '' }, ['spec/a.js']],
    ['jest', { 'a.spec.tsx': '', '__tests__/b.js': '', 'c.js': '' }, ['__tests__/b.js', 'a.spec.tsx']],
    ['npm run build && node --test dist', { 'src/a.test.ts': '' }, ['src/a.test.ts']],
  ])('of %s', async (command, files, expected) => {
    expect(await detect({ 'package.json': '{}', ...files }, command)).toMatchObject({ testFiles: expected });
  });
});
