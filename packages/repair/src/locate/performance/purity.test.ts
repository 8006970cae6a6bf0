import { expect, test } from 'vitest';
import { createCodeView } from '../code-view.ts';
import { sampleCode } from '../samples-for-tests.ts';
import { isPure } from './purity.ts';

function pure(source: string, name = 'f'): boolean {
  const { codebase, sources } = sampleCode({ 'a.js': source });
  const view = createCodeView(codebase, sources);
  const one = view.index.functions.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error('the sample has no such function');
  return isPure(view, one);
}

test.each([
  'export function f(a, b) { return Math.max(a, b) + Number.parseInt("3"); }',
  'export function f(list) { const out = []; for (const x of list) out.push(x * 2); return out.sort(); }',
  'function g(x) { return x.trim().toLowerCase(); }\nexport function f(list) { return list.map((x) => g(x)); }',
  'export function f(list) { let sum = 0; list.forEach((x) => { sum += x; }); return sum; }',
  'export function f(date) { return new Date(date).toISOString() + new Set([1]).size; }',
  'export function f(list) { return list.reduce((all, one) => { all[one.id] = one; return all; }, {}); }',
  'export function f(list, x) { return !x && list.filter((one) => !one.open && -one.n < 3); }',
  'export function f(x) { const twice = (y) => y * 2; return twice(x); }',
])('%s is pure', (source) => {
  expect(pure(source)).toBe(true);
});

test.each([
  'let n = 0;\nexport function f() { n += 1; return n; }',
  'export function f(order) { order.total = 3; return order; }',
  'export function f(list) { list.sort(); return list; }',
  'export function f(order) { delete order.x; return order; }',
  'export function f(order) { const lines = order.lines; lines.push(1); return lines; }',
  'export function f(list) { for (const one of list) one.seen = true; return list; }',
  'export async function f(x) { return x; }',
  'export function f() { return Date.now() + Math.random(); }',
  'export function f() { return new Date().getTime(); }',
  'export function f() { return process.env.HOME; }',
  'export function f(log) { log.info("x"); return 1; }',
  'export function f(x) { return fetch(x); }',
  'class A { f() { return this.x; } }\nexport { A as f };',
  'let n = 0;\nfunction g() { n = 1; return n; }\nexport function f() { return g(); }',
])('%s is not', (source) => {
  expect(pure(source, source.startsWith('class') ? 'A.f' : 'f')).toBe(false);
});
