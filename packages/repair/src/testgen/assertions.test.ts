import assert from 'node:assert';
import strict from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { assertionsOf } from './assertions.ts';
import type { TestStyle } from './test-style.ts';

const style: TestStyle = {
  runner: 'vitest',
  modules: 'esm',
  typescript: false,
  code: { quote: "'", semicolon: ';', indent: '  ', newline: '\n', bracelessIf: true, looseNull: false, trailingComma: true },
  header: [],
  test: 'it',
  suite: undefined,
  assertion: { kind: 'expect', name: 'expect' },
  should: false,
  importExtension: 'source',
  path: () => 'a.test.js',
};
const chai = (await import('chai')).expect;
const kinds: [TestStyle['assertion']['kind'], string, unknown][] = [
  ['expect', 'expect', expect],
  ['chai', 'expect', chai],
  ['assert', 'assert', assert],
  ['strict-assert', 'assert', strict],
];

/** Runs an assertion statement; `f` gives or throws what it is called for. */
async function holds(name: string, api: unknown, statement: string): Promise<boolean> {
  const f = (value: unknown) => {
    if (value instanceof Error) throw value;
    return value;
  };
  const g = async (value: unknown) => f(value);
  const run: (api: unknown, f: unknown, g: unknown) => Promise<void> = new Function(
    name,
    'f',
    'g',
    `return (async () => { ${statement} })();`,
  ) as never;
  return run(api, f, g).then(
    () => true,
    () => false,
  );
}

describe.each(kinds)('assertions by %s', (kind, name, api) => {
  const write = assertionsOf({ ...style, assertion: { kind, name } });
  const check = (statement: string) => holds(name, api, statement);

  it.each([
    ['equal values', write.equal('f(1)', '1'), write.equal('f(1)', '2')],
    ['null', write.equal('f(null)', 'null'), write.equal('f(undefined)', 'null')],
    ['undefined', write.equal('f(undefined)', 'undefined'), write.equal('f(null)', 'undefined')],
    ['equal structures', write.deepEqual("f({ a: ['x'] })", "{ a: ['x'] }"), write.deepEqual("f({ a: ['x'] })", "{ a: ['y'] }")],
    ['a condition', write.truthy('f(2) > 1', "it's so"), write.truthy('f(0) > 1', "it's so")],
    ['a limit', write.atMost('f(2)', '2', 'few'), write.atMost('f(3)', '2', 'few')],
    ['that a call succeeds', write.succeeds('f(1)', false), write.succeeds("f(new Error('x'))", false)],
    ['that a promise is kept', write.succeeds('g(1)', true), write.succeeds("g(new Error('x'))", true)],
    [
      'a named error',
      write.throwsNamed("f(new RangeError('x'))", 'RangeError', false),
      write.throwsNamed("f(new TypeError('x'))", 'RangeError', false),
    ],
    [
      'a named rejection',
      write.throwsNamed("g(new RangeError('x'))", 'RangeError', true),
      write.throwsNamed("g(new TypeError('x'))", 'RangeError', true),
    ],
  ])('holds for %s, and fails where it should', async (_title, right, wrong) => {
    expect(await check(right)).toBe(true);
    expect(await check(wrong)).toBe(false);
  });
});
