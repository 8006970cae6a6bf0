import type { Json } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { growthMeasurement } from './growth-measurement.ts';
import { testContext } from './test-context.ts';
import { testInput } from './test-rig.ts';

const sample = "import { expect, test } from 'vitest';\ntest('a', () => expect(1).toBe(1));\n";

function measured(
  code: string,
  at: string,
  more: { data?: Record<string, Json>; inputs?: Json[]; file?: string } = {},
): string | undefined {
  const { file = 'src/a.js', data = {}, inputs = [] } = more;
  const input = testInput({
    files: { [file]: code, 'test/a.test.js': sample, 'package.json': '{ "type": "module" }' },
    at,
    category: 'quadratic-loop',
    type: 'performance',
    data,
    failing: inputs.map((one) => ({ input: one })),
  });
  return growthMeasurement(testContext(input))?.edits[0]?.replace;
}

const JOIN = 'export function join(orders, users) {\n  return orders.map((order) => users.find((user) => user.id === order.userId));\n}\n';

test('lists grow from a quarter of what production sent, items told apart by what the scan compares', () => {
  const data = { outerCollection: 'orders', collection: 'users', inner: 'users.find((user) => user.id === order.userId)' };
  const orders = Array.from({ length: 400 }, (_, index) => ({ userId: `u${index}` }));
  const text = measured(JOIN, 'users.find', { data, inputs: [[orders, [{ id: 'u1' }]]] });
  expect(text?.startsWith('// @ts-nocheck\n')).toBe(true);
  expect(text).toContain("import { join } from '../src/a.js';");
  expect(text).toMatch(/const orders = Array\.from\(\{ length: size \}, \(_, index\) => \(\{ userId: `u\d+-\$\{index\}` \}\)\);/);
  expect(text).toContain('return () => join(orders, users);');
  expect(text).toContain('await readGrowth(prepare, [100,200,400,800,');
});

test('what a recursion counts down is the size itself', () => {
  const text = measured('export function ways(n) {\n  return n < 2 ? 1 : ways(n - 1) + ways(n - 2);\n}\n', 'function ways');
  expect(text).toContain('return () => ways(size);');
  expect(text).toContain('prepare, [4,5,6,8,');
});

test('texts are made longer, too', () => {
  const code = 'export function vowels(text) {\n  let n = 0;\n  for (const c of text) if (text.indexOf(c) >= 0) n += 1;\n  return n;\n}\n';
  expect(measured(code, 'text.indexOf', { inputs: ['hello'] })).toContain("'hello'.repeat(Math.ceil(size / 5)).slice(0, size)");
});

test('nothing is measured where no size can be chosen, or a test cannot call it', () => {
  expect(measured('export function f(id) {\n  return id + 1;\n}\n', 'id + 1')).toBeUndefined();
  expect(measured('function f(list) {\n  for (const x of list) list.indexOf(x);\n}\nf([1]);\n', 'list.indexOf')).toBeUndefined();
});
