import { describe, expect, test } from 'vitest';
import { parseTestCommand } from './command.ts';
import { configuredPatterns } from './configured-patterns.ts';
import { shellSegments } from './shell-words.ts';

describe('shellSegments', () => {
  test('splits commands and words as a shell does', () => {
    expect(shellSegments(`A=1 B='x y' tool "a \\"b\\"" 'c d' e\\ f && other; third | fourth & fifth || sixth`)).toMatchObject([
      { env: { A: '1', B: 'x y' }, words: ['tool', 'a "b"', 'c d', 'e f'], text: `A=1 B='x y' tool "a \\"b\\"" 'c d' e\\ f` },
      { env: {}, words: ['other'] },
      { words: ['third'] },
      { words: ['fourth'] },
      { words: ['fifth'] },
      { words: ['sixth'] },
    ]);
    expect(shellSegments(`tool 'not closed`)).toMatchObject([{ words: ['tool', 'not closed'] }]);
    expect(shellSegments(' ')).toEqual([]);
  });
});

describe('parseTestCommand', () => {
  test.each<[string, object]>([
    ['vitest', { runner: 'vitest', launcher: ['vitest'], options: [], targets: [] }],
    ['vitest run --coverage --reporter=verbose --config v.ts src/unit', { options: ['--config', 'v.ts'], targets: ['src/unit'] }],
    ['node --test', { runner: 'node:test', launcher: ['node'], targets: [] }],
    ['node --import tsx --test --test-reporter spec "test/**/*.ts"', { launcher: ['node', '--import', 'tsx'], targets: ['test/**/*.ts'] }],
    ['tsx --test src/a.test.ts', { launcher: ['node', '--import', 'tsx'], targets: ['src/a.test.ts'] }],
    ['node test/run.js', { runner: 'node:test', launcher: ['node'], targets: ['test/run.js'] }],
    ['tape test/*.js', { runner: 'node:test', launcher: ['node'], targets: ['test/*.js'] }],
    [
      'NODE_OPTIONS=--experimental-vm-modules npx jest --bail --ci -w 2',
      { runner: 'jest', launcher: ['jest'], options: ['-w', '2'], env: { NODE_OPTIONS: '--experimental-vm-modules' } },
    ],
    [
      'node --experimental-vm-modules node_modules/jest/bin/jest.js --watchAll unit',
      { runner: 'jest', launcher: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'], targets: ['unit'] },
    ],
    [
      'cross-env TZ=UTC c8 --reporter lcov mocha -r ts-node/register --spec "test/**/*.ts" -b',
      { runner: 'mocha', launcher: ['mocha'], options: ['-r', 'ts-node/register'], targets: ['test/**/*.ts'], env: { TZ: 'UTC' } },
    ],
    ['mocha --ui tdd -R dot test', { options: ['--ui', 'tdd'], targets: ['test'] }],
  ])('reads %s', (command, expected) => {
    expect(parseTestCommand(command, {})).toMatchObject(expected);
  });

  test('follows scripts, keeps builds, leaves checks out', () => {
    const scripts = {
      test: 'npm run lint && npm run build && npm run test:unit -- --grep fast',
      lint: 'eslint . && tsc --noEmit && prettier --check .',
      prebuild: 'rimraf dist',
      build: 'OUT=dist tsc -p .',
      'test:unit': 'mocha dist/test',
    };
    expect(parseTestCommand('npm test', scripts)).toMatchObject({
      runner: 'mocha',
      prepare: ['rimraf dist', 'OUT=dist tsc -p .'],
      options: ['--grep', 'fast'],
      targets: ['dist/test'],
    });
    expect(parseTestCommand('yarn test', scripts)?.runner).toBe('mocha');
    expect(parseTestCommand('run-s build test:unit', scripts)).toMatchObject({
      runner: 'mocha',
      prepare: ['rimraf dist', 'OUT=dist tsc -p .'],
    });
    expect(parseTestCommand('pnpm run test:unit', scripts)?.targets).toEqual(['dist/test']);
  });

  test('builds run without the package manager around them', () => {
    const prepare = (script: string) => parseTestCommand(`${script} && mocha`, {})?.prepare;
    expect(prepare('npx --no-install tsc -p .')).toEqual(['tsc -p .']);
    expect(prepare('A=1 yarn run babel src')).toEqual(['A=1 babel src']);
    expect(prepare('pnpm exec tsc && rimraf npx')).toEqual(['tsc', 'rimraf npx']);
  });

  test.each(['echo "Error: no test specified" && exit 1', 'lab -v', 'make test', 'node build.js', 'npm run missing', ''])(
    'knows no runner in %s',
    (command) => {
      expect(parseTestCommand(command, {})).toBeUndefined();
    },
  );

  test('scripts that call each other do not hang it', () => {
    expect(parseTestCommand('npm test', { test: 'npm run a', a: 'npm test' })).toBeUndefined();
  });
});

describe('configuredPatterns', () => {
  test('reads literal globs of each form', () => {
    expect(
      configuredPatterns(
        'vitest',
        "export default { test: { include: ['./src/**/*.spec.[jt]s?(x)'], coverage: { include: ['src/**'] } } };",
        undefined,
      ),
    ).toEqual(['src/**/*.spec.[jt]s{,x}']);
    expect(configuredPatterns('jest', '', { testMatch: ['<rootDir>/t/**/*.+(spec|test).js'], other: 1 })).toEqual([
      't/**/*.{spec,test}.js',
    ]);
    expect(configuredPatterns('mocha', '{"spec":"src/*.spec.ts","bail":true}', undefined)).toEqual(['src/*.spec.ts']);
    expect(configuredPatterns('mocha', 'require: x\nspec:\n  - test/a.js\n  - "test/b.js"\nui: tdd\n', undefined)).toEqual([
      'test/a.js',
      'test/b.js',
    ]);
    expect(configuredPatterns('mocha', "module.exports = { spec: 'unit/*.js' };", undefined)).toEqual(['unit/*.js']);
    expect(configuredPatterns('vitest', 'export default { test: { include: patterns } };', undefined)).toEqual([]);
    expect(configuredPatterns('node:test', 'include: ["test"]', undefined)).toEqual([]);
  });
});
