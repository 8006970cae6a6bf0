import type { TestRunnerName } from '@selfheal/contracts';

/** A repository of these files with one test in the manner of a runner. For tests. */
export function sampleTest(
  runner: TestRunnerName,
  modules: 'esm' | 'cjs',
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const command = { vitest: 'vitest run', jest: 'jest', mocha: 'mocha', ava: 'ava', tap: 'tap', 'node:test': 'node --test' }[runner];
  const take = (name: string, from: string) =>
    modules === 'esm' ? `import ${name} from '${from}';\n` : `const ${name} = require('${from}');\n`;
  const assert = take('assert', 'node:assert');
  const [header, body] = {
    vitest: [take('{ expect, test }', 'vitest'), 'expect(1).toBe(1);'],
    jest: ['', 'expect(1).toBe(1);'],
    mocha: [assert, 'assert.strictEqual(1, 1);'],
    ava: [take('test', 'ava'), 't.is(1, 1);'],
    tap: [take('t', 'tap'), 't.equal(1, 1);'],
    'node:test': [assert + take('{ test }', 'node:test'), 'assert.strictEqual(1, 1);'],
  }[runner];
  const name = runner === 'mocha' ? 'it' : runner === 'tap' ? 't.test' : 'test';
  const given = runner === 'ava' ? '(t) =>' : runner === 'tap' ? 'async (t) =>' : '() =>';
  return {
    'package.json': JSON.stringify({
      name: 'sample',
      ...(modules === 'esm' ? { type: 'module' } : {}),
      scripts: { test: command },
      devDependencies: runner === 'node:test' ? {} : { [runner]: '*' },
    }),
    'test/one.test.js': `${header}\n${name}('one', ${given} {\n  ${body}\n});\n`,
    ...files,
  };
}
