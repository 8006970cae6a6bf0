import { describe, expect, it } from 'vitest';
import { changeCondition } from './change-condition.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, category = 'wrong-operator', expression?: string) =>
  repaired(changeCondition, { files: { 'a.js': text }, at, category, ...(expression === undefined ? {} : { expression }) });

describe('changeCondition', () => {
  it('tries the nearest operators and limits', () => {
    const all = of('for (let i = 0; i <= list.length; i++) use(list[i]);\n', 'i <= list', 'wrong-operator', 'i <= list.length');
    expect(all[0]).toBe('for (let i = 0; i < list.length; i++) use(list[i]);\n');
    expect(all).toContain('for (let i = 0; i <= list.length - 1; i++) use(list[i]);\n');
  });

  it('flips equality, conjunctions and arithmetic', () => {
    expect(of('if (a === b) go();\n', 'a === b')[0]).toBe('if (a !== b) go();\n');
    expect(of('if (a && b) go();\n', 'a && b')[0]).toBe('if (a || b) go();\n');
    expect(of('const sum = a - b;\n', 'a - b')[0]).toBe('const sum = a + b;\n');
  });

  it('moves a numeric limit by one and turns a comparison round', () => {
    const all = of('if (n > 10) go();\n', 'n > 10');
    expect(all).toEqual(
      expect.arrayContaining(['if (n >= 10) go();\n', 'if (n > 11) go();\n', 'if (n > 9) go();\n', 'if (!(n > 10)) go();\n']),
    );
  });

  it('is careful where the cause is not known', () => {
    expect(of('if (n > 10) go();\n', 'n > 10', 'unknown')).toEqual(['if (n >= 10) go();\n', 'if (n < 10) go();\n']);
  });
});
