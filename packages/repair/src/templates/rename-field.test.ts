import { describe, expect, it } from 'vitest';
import { renameField } from './rename-field.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string) =>
  repaired(renameField, { files: { 'a.js': text }, at, category: 'renamed-field', data: { from: 'customerName', to: 'customer_name' } });

describe('renameField', () => {
  it('reads the new name, or the new one before the old one', () => {
    expect(of('function f(o) {\n  return o.customerName.trim();\n}\n', 'o.customerName')).toEqual([
      'function f(o) {\n  return o.customer_name.trim();\n}\n',
      'function f(o) {\n  return (o.customer_name ?? o.customerName).trim();\n}\n',
    ]);
  });

  it('keeps the local name where the field is taken out of its object', () => {
    expect(of('function f({ customerName }) {\n  return customerName.trim();\n}\n', 'customerName.trim')[0]).toContain(
      'function f({ customer_name: customerName }) {\n  return customerName.trim();',
    );
  });

  it('changes only the function at fault', () => {
    const text = 'function g(o) {\n  return o.customerName;\n}\nfunction f(o) {\n  return o.customerName.trim();\n}\n';
    expect(of(text, 'o.customerName.trim')[0]).toContain('function g(o) {\n  return o.customerName;');
  });
});
