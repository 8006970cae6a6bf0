import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { descendants } from '../codebase/syntax/parse-source.ts';
import { createCodeView } from './code-view.ts';
import { sampleCode } from './samples-for-tests.ts';
import { traceOrigin } from './trace-origin.ts';

/** Traces the receiver of the last `.mark` in the sample. */
function trace(source: string) {
  const { codebase, sources } = sampleCode({ 'a.ts': source, 'b.ts': 'export const shared = {};\nexport default {};\n' });
  const view = createCodeView(codebase, sources);
  const file = view.index.files.get('a.ts');
  const marks =
    file &&
    [...descendants(file.source)].filter(
      (node): node is ts.PropertyAccessExpression => ts.isPropertyAccessExpression(node) && node.name.text === 'mark',
    );
  const last = marks?.at(-1);
  if (file === undefined || last === undefined) throw new Error('the sample marks nothing');
  const { kind, note, field, index } = traceOrigin(view, file, last.expression);
  return { kind, note, field, index };
}

test.each([
  ['const { a: { b } } = load(); b.mark;', { kind: 'field', field: 'b' }],
  ['const { a: [, second] } = load(); second.mark;', { kind: 'array-item', index: '1' }],
  ['function f({ a: [first] }) { first.mark; }', { kind: 'parameter' }],
  ['function f({ a: { b } }) { b.mark; }', { kind: 'field', field: 'b' }],
  ['let x; x = list.find(Boolean); x.mark;', { kind: 'find' }],
  ['let x; x = {}; if (y) x = null; x.mark;', { kind: 'literal' }],
  ['let x; x.mark;', { kind: 'uninitialised' }],
  ['(list.pop()).mark;', { kind: 'array-item', index: 'pop' }],
  ['list.at(-1).mark;', { kind: 'array-item', index: 'at' }],
  ['const n = 3; list[n - 1].mark;', { kind: 'array-item', index: 'n - 1' }],
  ['table[key].mark;', { kind: 'lookup' }],
  ["order['user'].mark;", { kind: 'field', field: 'user' }],
  ['JSON.parse(text).mark;', { kind: 'json' }],
  ['(flag ? list.find(Boolean) : undefined).mark;', { kind: 'literal' }],
  ['(cache.get(key) || list.find(Boolean)).mark;', { kind: 'find' }],
  ['(first ?? null).mark;', { kind: 'literal' }],
  ["import { shared } from './b.ts'; shared.mark;", { kind: 'import' }],
  ["import * as all from './b.ts'; all.mark;", { kind: 'import' }],
  ['class A { run() { this.mark; } }', { kind: 'lost-this' }],
  ['outside.mark;', { kind: 'unknown' }],
  ['function f() {} f.mark;', { kind: 'unknown' }],
  ['unknownCall(1).mark;', { kind: 'call-result' }],
  ['service.read(1).mark;', { kind: 'call-result' }],
  ['import.meta.env.HOME.mark;', { kind: 'environment' }],
  ['async function load() {} const { user } = load(); user.mark;', { kind: 'promise' }],
  ['async function load() {} const [user] = load(); user.mark;', { kind: 'promise' }],
  ['async function load() {} for (const user of load()) user.mark;', { kind: 'promise' }],
  ['async function load() { return null; } const user = await load(); user.mark;', { kind: 'call-result' }],
  ['async function load() {} let user; user = load(); user.mark;', { kind: 'promise' }],
  ['for (const [key, value] of entries) value.mark;', { kind: 'loop-item' }],
  ['list.reduce((sum, one) => one.mark, 0);', { kind: 'loop-item' }],
  ['list.toSorted((a, b) => b.mark);', { kind: 'loop-item' }],
  ['list.forEach(({ user }) => user.mark);', { kind: 'field', field: 'user' }],
  ['run((x) => x.mark);', { kind: 'parameter' }],
  ['new Date().mark;', { kind: 'unknown' }],
])('%s', (source, expected) => {
  expect(trace(source)).toMatchObject(expected);
});

test('a call says how the function it calls gives nothing', () => {
  expect(trace('function load(id) {\n  if (id) return {};\n}\nload(1).mark;').note).toMatch(
    /its end is reached without a return \(a\.ts:3\)/,
  );
});

test('a chain of names that never ends is given up', () => {
  const names = Array.from({ length: 20 }, (_, nth) => `const x${nth} = x${nth + 1};`).join('\n');
  expect(trace(`${names}\nx0.mark;`)).toMatchObject({ kind: 'unknown' });
});
