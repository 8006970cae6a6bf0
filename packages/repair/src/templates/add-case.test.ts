import { describe, expect, it } from 'vitest';
import { addCase } from './add-case.ts';
import { repaired } from './template-rig.ts';

describe('addCase', () => {
  it('adds a default that leaves by the convention of the function', () => {
    const text = "/** @returns {string|null} */\nfunction f(kind) {\n  switch (kind) {\n    case 'a':\n      return 'A';\n  }\n}\n";
    const [best] = repaired(addCase, { files: { 'a.js': text }, at: 'switch', category: 'missing-case', data: { expression: 'kind' } });
    expect(best).toContain("      return 'A';\n    default:\n      return null;\n  }\n");
  });

  it('replaces a default that throws', () => {
    const text =
      "/** @returns {string|null} */\nfunction f(kind) {\n  switch (kind) {\n    case 'a':\n      return 'A';\n    default:\n      throw new Error(kind);\n  }\n}\n";
    const [best] = repaired(addCase, { files: { 'a.js': text }, at: 'throw new', category: 'missing-case', data: { expression: 'kind' } });
    expect(best).toContain('    default:\n      return null;\n');
  });

  it('takes the usual entry of a table', () => {
    const text = 'const RATES = { home: { base: 1 }, other: { base: 9 } };\nfunction rate(zone) {\n  return RATES[zone].base;\n}\n';
    const all = repaired(addCase, {
      files: { 'a.js': text },
      at: 'RATES[zone].base',
      category: 'null-access',
      data: { receiver: 'RATES[zone]' },
    });
    expect(all).toEqual([text.replace('RATES[zone].base', '(RATES[zone] ?? RATES.other).base')]);
  });
});
