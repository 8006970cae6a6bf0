import { describe, expect, it } from 'vitest';
import { checkDate } from './check-date.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string) => repaired(checkDate, { files: { 'a.js': text }, at, category: 'invalid-date' });

describe('checkDate', () => {
  it('leaves where a date is not valid', () => {
    const text =
      'function day(order) {\n  if (!order) return null;\n  const placed = new Date(order.placedAt);\n  return placed.toISOString().slice(0, 10);\n}\n';
    expect(of(text, 'placed.toISOString')[0]).toContain(
      '  if (Number.isNaN(placed.getTime())) return null;\n  return placed.toISOString()',
    );
  });

  it('checks a date that is made in place, and one that is formatted', () => {
    expect(of('function day(text) {\n  return new Date(text).toISOString();\n}\n', 'toISOString')[0]).toContain(
      'if (Number.isNaN(new Date(text).getTime())) {\n    return ',
    );
    expect(of('function day(date) {\n  return formatter.format(date);\n}\n', 'format(date)')[0]).toContain(
      'if (Number.isNaN(date.getTime())) {',
    );
  });
});
