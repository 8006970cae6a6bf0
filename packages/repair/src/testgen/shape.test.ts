import { Node } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { openSource } from '../templates/source-files.ts';
import { functionsOf } from '../templates/syntax-tree.ts';
import { shapeOfBinding } from './shape.ts';
import { synthesise } from './synthesise.ts';

/** The made-up first argument of the function; `missing` is an expression that must be undefined. */
function made(code: string, missing?: string): string {
  const source = openSource({ 'a.js': code }, 'a.js');
  const fn = source && functionsOf(source)[0];
  const parameter = fn?.getParameters()[0];
  if (!source || !fn || !parameter) throw new Error('no function');
  const gone =
    missing === undefined ? undefined : source.getDescendants().findLast((node) => Node.isExpression(node) && node.getText() === missing);
  const shape = shapeOfBinding(parameter.getNameNode(), fn, gone ? { missing: gone } : {});
  return synthesise(shape, parameter.getName(), { quote: "'", indent: '  ' });
}

describe('the smallest value that code can work with', () => {
  it.each([
    ['members', 'function f(o) { return o.a.b + o.name.trim(); }', "{ a: { b: 'b' }, name: 'name' }"],
    ['lists and their items', 'function f(o) { return o.lines.map((line) => line.price * 2); }', '{ lines: [{ price: 1 }] }'],
    ['lists that are looped over', 'function f(list) { for (const { id } of list) go(id.slice(1)); }', "[{ id: '1' }]"],
    ['items by position', 'function f(list) { return list[0].name.trim(); }', "[{ name: 'name' }]"],
    [
      'functions and what they promise',
      'async function f(db) { const user = await db.find(1); return user.name.trim(); }',
      "{ find: async () => ({ name: 'name' }) }",
    ],
    ['patterns', 'function f({ a, b: { c } }) { return a - c; }', '{ a: 1, b: { c: 1 } }'],
    [
      'conversions',
      'function f(o) { return Number(o.n) + Math.floor(o.m) + Object.keys(o.k).length + JSON.parse(o.j); }',
      "{ n: '1', m: 1, k: {}, j: '{}' }",
    ],
    ['dates', 'function f(o) { return new Date(o.when).getTime(); }', "{ when: '2026-01-15T12:00:00.000Z' }"],
    [
      'what functions of the file ask for',
      'function f(o) { return g(o.user); } function g(user) { return user.city.trim(); }',
      "{ user: { city: 'city' } }",
    ],
    [
      'comparisons',
      "function f(o) { if (o.kind === 'x') return; return o.size > 3 && o.on === true; }",
      "{ kind: 'kind', size: 1, on: true }",
    ],
    ['promises', 'function f(load) { return load.all().then((rows) => rows.map((row) => row.id)); }', "{ all: () => [{ id: '1' }] }"],
  ])('%s', (_title, code, wanted) => {
    expect(made(code)).toBe(wanted);
  });

  it.each([
    ['a member', 'function f(o) { return o.a.b; }', 'o.a', '{}'],
    ['what is found', 'function f(list) { const one = list.find((x) => x.id === 1); return one.name; }', 'one', '[]'],
    [
      'the first of those kept',
      'function f(o) { const [one] = o.list.filter((x) => x.on).reverse(); return one.name; }',
      'one',
      '{ list: [] }',
    ],
    [
      'what a store gives',
      'async function f(db) { const user = await db.find(1); return user.name; }',
      'user',
      '{ find: async () => undefined }',
    ],
    ['a member of an item', 'function f(list) { return list.map((x) => x.a.b); }', 'x.a', '[{}]'],
    ['the argument itself', 'function f(o) { return o.a; }', 'o', 'undefined'],
  ])('leaves out %s', (_title, code, missing, wanted) => {
    expect(made(code, missing)).toBe(wanted);
  });
});
