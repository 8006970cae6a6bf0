import { describe, expect, it } from 'vitest';
import { makeCallable } from './make-callable.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, expression: string) =>
  repaired(makeCallable, { files: { 'a.js': text }, at: expression, category: 'not-a-function', data: { expression } });

describe('makeCallable', () => {
  it.each([
    ['const n = list.length();\n', 'list.length', 'const n = list.length;\n'],
    ['const n = list.contains(1);\n', 'list.contains', 'const n = list.includes(1);\n'],
    ['const n = list.fitler(Boolean);\n', 'list.fitler', 'const n = list.filter(Boolean);\n'],
    ['const n = names.map(up);\n', 'names.map', 'const n = [...names].map(up);\n'],
    ['const n = id.toUpperCase();\n', 'id.toUpperCase', 'const n = String(id).toUpperCase();\n'],
    ['const n = price.toFixed(2);\n', 'price.toFixed', 'const n = Number(price).toFixed(2);\n'],
    ['const n = at.getFullYear();\n', 'at.getFullYear', 'const n = new Date(at).getFullYear();\n'],
  ])('%s', (text, expression, wanted) => {
    expect(of(text, expression)).toContain(wanted);
  });

  it('calls a hook only where it is given', () => {
    expect(of('options.onDone(1);\n', 'options.onDone')[0]).toBe('options.onDone?.(1);\n');
  });
});
