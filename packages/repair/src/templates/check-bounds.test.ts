import { describe, expect, it } from 'vitest';
import { checkBounds } from './check-bounds.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, category = 'out-of-bounds', data = {}) =>
  repaired(checkBounds, { files: { 'a.js': text }, at, category, data });

describe('checkBounds', () => {
  it('leaves where the list is empty or the index outside of it', () => {
    expect(of('function f(list) {\n  return list[0].name;\n}\n', 'list[0]')[0]).toContain('if (list.length === 0) {\n    return null;');
    expect(of('function f(list, at) {\n  return list[at].name;\n}\n', 'list[at]')[0]).toContain('if (at < 0 || at >= list.length) {');
    expect(of('function f(list) {\n  return list[2].name;\n}\n', 'list[2]')[0]).toContain('if (list.length <= 2) {');
  });

  it.each([
    ['(a, b) => a + b.n', '0'],
    ['(a, b) => a * b', '1'],
    ['(a, b) => Math.max(a, b)', '-Infinity'],
    ['(a, b) => [...a, ...b]', '[]'],
    ["(a, b) => a + ', ' + b", "''"],
  ])('starts the reduction by %s at %s', (callback, neutral) => {
    expect(of(`function f(list) {\n  return list.reduce(${callback});\n}\n`, 'list.reduce')).toContain(
      `function f(list) {\n  return list.reduce(${callback}, ${neutral});\n}\n`,
    );
  });

  it('keeps a length from being negative', () => {
    expect(of("const line = (n) => '-'.repeat(n - 2);\n", 'repeat', 'unknown', { kind: 'invalid-length' })).toEqual([
      "const line = (n) => '-'.repeat(Math.max(0, n - 2));\n",
    ]);
  });
});
