import { expect, test } from 'vitest';
import { countSteps } from './count-steps.ts';
import { inOrder, offsetMap, weave } from './insertions.ts';
import { splitAssertions } from './split-assertions.ts';

const LOOPS = `export const f = (n) => {
  let s = 0;
  for (let i = 0; i < n; i++) s += i;
  do { s--; } while (s > 10);
  return [1, 2].map((x) => x + s);
};
`;

test('every loop turn and function entry is counted, on the same line', async () => {
  const text = weave(LOOPS, countSteps('f.js', LOOPS), []);
  expect(text.split('\n').length).toBe(LOOPS.split('\n').length);
  let steps = 0;
  const entered: unknown[] = [];
  const run = new Function('__selfheal_step', '__selfheal_entered', `${text.replace('export ', '')}; return f(3);`);
  const count = (): number => (steps += 1);
  expect(run(count, (_name: string, args: unknown) => entered.push(args))).toEqual([3, 4]);
  expect(steps).toBe(1 + 3 + 1 + 2);
  expect(entered).toEqual([[3]]);
});

test('an edit keeps the counters around it and loses those inside', () => {
  const insertions = countSteps('f.js', LOOPS);
  const start = LOOPS.indexOf('s += i');
  const inner = weave(LOOPS, insertions, [{ start, end: start + 6, text: 's -= i' }]);
  expect(inner).toContain('{__selfheal_step();s -= i;}');
  const loop = LOOPS.indexOf('for (');
  const whole = weave(LOOPS, insertions, [{ start: loop, end: LOOPS.indexOf('  do'), text: 'while (n-- > 0) s++;\n' }]);
  expect(whole).toContain('  while (n-- > 0) s++;\n  do {__selfheal_step(); s--; }');
});

test('offsets of the woven text map back to those of the base', () => {
  const insertions = countSteps('f.js', LOOPS);
  const woven = weave(LOOPS, insertions, []);
  const map = offsetMap(insertions);
  for (const part of ['let s', 'i < n', 's--', 'return']) expect(map(woven.indexOf(part))).toBe(LOOPS.indexOf(part));
});

test('what closes at a place stands before what opens there', () => {
  const order = inOrder([
    { at: 3, text: 'open', pair: 1, closes: false },
    { at: 3, text: 'close', pair: 0, closes: true },
  ]);
  expect(order.map(({ text }) => text)).toEqual(['close', 'open']);
});

test('assertions of a test are observed one by one; those in try and in callbacks are left alone', () => {
  const text = `test('a', async () => {
  same(f(1), 2);
  await rejects(g());
  try { f(); fail(); } catch {}
  assert.throws(() => { f(2); });
  const x = f(3);
});
describe('b', () => { test('c', () => { ok(x); }); });
`;
  const woven = weave(text, splitAssertions('a.test.js', text, false), []);
  expect(woven.match(/__selfheal_held/g)).toHaveLength(4);
  expect(woven).toContain('try { f(); fail(); } catch {}');
  expect(woven).toContain('assert.throws(() => { f(2); })');
  expect(woven.split('\n').length).toBe(text.split('\n').length);
});
