import { describe, expect, test } from 'vitest';
import { compilePattern, evaluateCondition, sameValue } from './condition.ts';
import type { Condition } from './plan.ts';

const scope = {
  order: { total: 120, limit: 100, text: '99', tags: ['new', 'big'], at: '2026-11-02T00:00:00Z', note: 'URGENT: now', by: { id: 1 } },
};

const holds = (condition: Condition): boolean => evaluateCondition(condition, scope);
const compare = (field: string, operator: Condition['operator'], value: unknown): boolean =>
  holds({ field: `$.order.${field}`, ...(operator && { operator }), value });

describe('evaluateCondition', () => {
  test.each([
    ['total', 'eq', 120, true],
    ['total', 'eq', '120', false],
    ['by', 'eq', { id: 1 }, true],
    ['total', 'neq', 120, false],
    ['gone', 'neq', 1, true],
    ['gone', 'eq', null, true],
    ['total', 'gt', 100, true],
    ['total', 'gt', '$.order.limit', true],
    ['text', 'lt', 100, true],
    ['total', 'gte', 120, true],
    ['total', 'lt', 120, false],
    ['total', 'lte', 120, true],
    ['gone', 'lt', 1, false],
    ['at', 'lt', '2026-11-03T00:00:00Z', true],
    ['total', 'in', [1, 120], true],
    ['note', 'in', 'all of URGENT: now is here', true],
    ['tags', 'contains', 'big', true],
    ['tags', 'contains', 'small', false],
    ['note', 'contains', 'URGENT', true],
    ['by', 'contains', 'id', true],
    ['gone', 'contains', 'x', false],
    ['note', 'regex', '^urgent', false],
    ['note', 'regex', '(?i)^urgent', true],
    ['gone', 'regex', '.*', false],
    ['gone', 'exists', null, false],
    ['gone', 'exists', false, true],
    ['note', 'exists', true, true],
  ] as const)('%s %s %j is %s', (field, operator, value, expected) => {
    expect(compare(field, operator, value)).toBe(expected);
  });

  test('`and` narrows, `or` widens, `not` turns around', () => {
    const [yes, no]: Condition[] = [
      { field: '$.order.total', value: 120 },
      { field: '$.order.total', value: 0 },
    ];
    if (!yes || !no) throw new Error('unreachable');
    expect(holds({ ...yes, and: [no] })).toBe(false);
    expect(holds({ ...no, or: [no, yes] })).toBe(true);
    expect(holds({ ...yes, and: [no], or: [yes] })).toBe(true);
    expect(holds({ and: [yes, yes] })).toBe(true);
    expect(holds({ or: [no, no] })).toBe(false);
    expect(holds({ not: no })).toBe(true);
    expect(holds({})).toBe(true);
  });

  test.each([
    ['total', 'gt', { id: 1 }, /a number cannot be compared with a object/],
    ['total', 'in', 5, /"in" needs a list, not a number/],
    ['total', 'contains', 5, /"contains" needs a text, a list or an object/],
    ['note', 'regex', '(', /is not a regular expression/],
    ['note', 'regex', 5, /"regex" needs a pattern/],
  ] as const)('%s %s %j says why it cannot be decided', (field, operator, value, message) => {
    expect(() => compare(field, operator, value)).toThrow(message);
  });

  test('the same JSON value is the same whatever the order of its keys', () => {
    expect(sameValue({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue([1, 2], [1, 2, 3])).toBe(false);
    expect(sameValue([], {})).toBe(false);
  });

  test('a pattern that is none is told apart from one', () => {
    expect(compilePattern('[')).toBeUndefined();
    expect(compilePattern('(?i)abc')?.flags).toBe('i');
  });
});
