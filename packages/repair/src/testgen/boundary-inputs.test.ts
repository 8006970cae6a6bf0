import type { Json } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { indexCodebase } from '../codebase/index-codebase.ts';
import { boundaryInputs } from './boundary-inputs.ts';
import { functionOf } from './function-node.ts';
import { literalValue } from './literal-value.ts';

function limits(source: string, args: Json[], file = 'f.js'): Json[][] {
  const sources = { commit: 'c0ffee', files: { [file]: source }, leftOut: [] };
  const { functions } = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] });
  const fn = functionOf(functions.at(-1), sources);
  if (!fn) throw new Error('no function');
  return boundaryInputs(fn, args);
}

describe('boundaryInputs', () => {
  it('gives the limit and its neighbours, for a constant as for a literal', () => {
    expect(limits('const TOP = 10;\nexport function f(n) { return n > TOP; }', [3])).toEqual([[10], [9], [11]]);
    expect(limits('export function f({ a }) { return a < 0.5; }', [{ a: 1, b: 2 }])).toEqual([[{ a: 0.5, b: 2 }], [{ a: 0, b: 2 }]]);
  });

  it('changes one of several parameters, members behind locals, flags', () => {
    const source = 'export function f(order, vip) { const { sum } = order.price; if (vip) return 0; return sum === 7 ? 1 : 2; }';
    expect(limits(source, [{ price: { sum: 1 } }, true])).toEqual([
      [{ price: { sum: 7 } }, true],
      [{ price: { sum: 1 } }, false],
      [{ price: { sum: 6 } }, true],
      [{ price: { sum: 1 } }, null],
      [{ price: { sum: 8 } }, true],
    ]);
  });

  it('gives every case and key, and none that types forbid', () => {
    const source = "export function f(kind) { switch (kind) { case 'a': return 1; case 'b': return 2; } return 3; }";
    expect(limits(source, ['a'])).toEqual([['b'], ['other']]);
    expect(limits(source.replace('(kind)', "(kind: 'a' | 'b')"), ['a'], 'f.ts')).toEqual([['b']]);
    expect(limits('const T = { x: 1, y: 2 };\nexport function f(k) { return T[k]; }', ['x'])).toEqual([['y']]);
  });

  it('gives empty, one and many for lists that are walked and lengths that are compared', () => {
    expect(limits('export function f(list) { return list.map((one) => one); }', [[5, 6, 7]])).toEqual([[[]], [[5]], [[5, 6]]]);
    expect(limits("export function f(text) { return text.length > 3 ? text : ''; }", ['ab'])).toEqual([['aba'], ['abab']]);
    expect(limits("export function f(text) { return text.startsWith('tea'); }", ['ab'])).toEqual([['tea'], ['xteax']]);
  });

  it('leaves values of another kind alone', () => {
    expect(limits("export function f(n) { return n === 'x'; }", [3])).toEqual([]);
  });
});

describe('literalValue', () => {
  it.each([
    ["{ a: [1, -2, 'x'], 'b c': { d: null } }", { a: [1, -2, 'x'], 'b c': { d: null } }],
    ['true', true],
    ['undefined', undefined],
    ['[create()]', undefined],
    ['{ ...rest }', undefined],
    ['{ get: false }', { get: false }],
  ])('%s', (code, value) => {
    expect(literalValue(code)).toEqual(value);
  });
});
