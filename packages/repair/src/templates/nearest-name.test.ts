import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';
import { repaired } from './template-rig.ts';

describe('nearestName', () => {
  it('takes the nearest name in scope', () => {
    const text = 'function f(quantity, price) {\n  return quantiy * price;\n}\n';
    const [best] = repaired(nearestName, {
      files: { 'a.js': text },
      at: 'quantiy',
      category: 'wrong-identifier',
      data: { name: 'quantiy' },
    });
    expect(best).toBe('function f(quantity, price) {\n  return quantity * price;\n}\n');
  });

  it('follows the names that the diagnosis gives, also for members', () => {
    const text = 'export const f = (s) => s.toUppercase();\n';
    const [best] = repaired(nearestName, {
      files: { 'a.js': text },
      at: 's.toUppercase',
      category: 'wrong-identifier',
      data: { name: 'toUppercase', near: ['toUpperCase'] },
    });
    expect(best).toBe('export const f = (s) => s.toUpperCase();\n');
  });

  it('imports a forgotten name, in the manner of the file', () => {
    const esm = {
      'src/a.js': "import { b } from './b.js';\nexport const a = () => b(rate(1));\n",
      'src/lib/rate.js': 'export function rate(x) {\n  return x;\n}\n',
      'src/b.js': 'export const b = (x) => x;\n',
    };
    const [first] = repaired(nearestName, {
      files: esm,
      at: 'rate(1)',
      category: 'wrong-identifier',
      data: { name: 'rate', exportedFrom: ['src/lib/rate.js'] },
    });
    expect(first).toBe("import { b } from './b.js';\nimport { rate } from './lib/rate.js';\nexport const a = () => b(rate(1));\n");
    const cjs = {
      'a.js': "const { b } = require('./b')\nmodule.exports = () => b(rate(1))\n",
      'rate.js': 'exports.rate = (x) => x\n',
      'b.js': 'exports.b = (x) => x\n',
    };
    const [second] = repaired(nearestName, {
      files: cjs,
      at: 'rate(1)',
      category: 'wrong-identifier',
      data: { name: 'rate', exportedFrom: ['rate.js'] },
    });
    expect(second).toContain("const { b } = require('./b')\nconst { rate } = require('./rate')\n");
  });

  it('keeps the key of a shorthand member', () => {
    const text = 'function f(total) {\n  return { totl };\n}\n';
    const [best] = repaired(nearestName, { files: { 'a.js': text }, at: 'totl', category: 'wrong-identifier', data: { name: 'totl' } });
    expect(best).toContain('return { totl: total };');
  });
});
