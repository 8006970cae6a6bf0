import { expect, test } from 'vitest';
import { negateAssertions } from './negate-assertions.ts';

test.each([
  ['expect(f(1)).toBe(2);', 'expect(f(1)).not.toBe(2);'],
  ['expect(f(1)).not.toBe(2);', 'expect(f(1)).toBe(2);'],
  ['await expect(f()).rejects.toThrow(/x/);', 'await expect(f()).rejects.not.toThrow(/x/);'],
  ['expect(x).to.deep.equal({ a: 1 });', 'expect(x).to.deep.not.equal({ a: 1 });'],
  ['expect(x).to.be.true;', 'expect(x).to.be.not.true;'],
  ['assert.strictEqual(f(1), 2);', 'assert.notStrictEqual(f(1), 2);'],
  ['t.assert.deepEqual(a, b);', 't.assert.notDeepEqual(a, b);'],
  ['await assert.rejects(f());', 'await assert.doesNotReject(f());'],
  ['assert.ok(a && b, "both");', 'assert.ok(!(a && b), "both");'],
  ['assert(f());', 'assert(!(f()));'],
  ['return expect(f()).resolves.toBe(1);', 'return expect(f()).resolves.not.toBe(1);'],
])('%s becomes %s', (before, after) => {
  const around = (body: string): string => `test('a', async () => {\n  const x = 1;\n  ${body}\n});\n`;
  expect(negateAssertions('a.test.ts', around(before))).toBe(around(after));
});

test('all of a file are negated, also those given back by a short function', () => {
  const text = "it('a', () => expect(1).toBe(1));\nit('b', () => {\n  for (const x of [1]) assert.equal(x, 1);\n});\n";
  const after = "it('a', () => expect(1).not.toBe(1));\nit('b', () => {\n  for (const x of [1]) assert.notEqual(x, 1);\n});\n";
  expect(negateAssertions('a.test.ts', text)).toBe(after);
});

test('where nothing is asserted nothing can be', () => {
  expect(negateAssertions('a.test.ts', "it('a', () => { f(); });")).toBeUndefined();
});
