import { expect, test } from 'vitest';
import { createCodeIndex } from '../codebase/code-index.ts';
import { mayReturnNothing } from './nothing-returned.ts';

function judge(body: string) {
  const [one] = createCodeIndex({ commit: 'c', files: { 'a.js': `function f(x, list) {${body}}` }, leftOut: [] }).functions;
  if (one === undefined) throw new Error('the sample has no function');
  return mayReturnNothing(one)?.why;
}

test.each([
  ['return;', /without a value/],
  ['return null;', /returns null/],
  ['return x ? list : undefined;', /returns undefined/],
  ['return x ?? null;', /returns null/],
  ['return list.find((one) => one === x);', /result of `find`/],
  ['return await list.get(x);', /result of `get`/],
  ['return list[x];', /may not exist/],
  ['if (x) return 1;', /end is reached/],
  ['switch (x) { case 1: return 1; }', /end is reached/],
  ['try { return 1; } catch { list.push(1); }', /end is reached/],
])('%s may give nothing', (body, why) => {
  expect(judge(body)).toMatch(why);
});

test.each([
  'return 1;',
  'if (x) { return 1; } else { throw new Error(); }',
  'switch (x) { case 1: return 1; default: return 2; }',
  'try { return 1; } catch (error) { throw error; }',
  'while (true) { if (x) return 1; }',
  'for (;;) { if (x) return 1; }',
  'list.push(x);',
  'const inner = () => null; return inner;',
])('%s gives something, or never anything', (body) => {
  expect(judge(body)).toBeUndefined();
});

test('an arrow function without a block is its value', () => {
  const [one] = createCodeIndex({ commit: 'c', files: { 'a.js': 'const f = (list) => list.at(0);' }, leftOut: [] }).functions;
  expect(one && mayReturnNothing(one)?.why).toMatch(/result of `at`/);
});
