import { describe, expect, test } from 'vitest';
import { mapInput, mapValue, mergeFields } from './mapping.ts';

const scope = { input: { a: 1, name: 'Ann', list: [1, 2] }, load: { rows: [{ id: 7 }], empty: null } };

describe('mapInput', () => {
  test('takes paths, literals and nested values', () => {
    const mapping = {
      rows: '$.load.rows',
      first: '$.load.rows[0].id',
      limit: 5,
      literal: { value: '$.input.a' },
      nested: { deep: ['$.input.a', 'text', { again: '$.input.name' }] },
    };
    expect(mapInput(mapping, scope)).toEqual({
      rows: [{ id: 7 }],
      first: 7,
      limit: 5,
      literal: '$.input.a',
      nested: { deep: [1, 'text', { again: 'Ann' }] },
    });
  });

  test('leaves out what leads nowhere, and puts null into lists', () => {
    expect(mapInput({ gone: '$.load.gone', list: ['$.load.gone', 1] }, scope)).toEqual({ list: [null, 1] });
  });

  test('null is a value, a default stands in for what is missing', () => {
    expect(mapInput({ empty: '$.load.empty', other: { path: '$.load.gone', default: 'x' } }, scope)).toEqual({ empty: null, other: 'x' });
  });

  test('a required path that leads nowhere names the entry', () => {
    const mapping = { patch: { path: '$.load.patch', required: true } };
    expect(() => mapInput(mapping, scope)).toThrow(/"patch" is required, but "\$\.load\.patch" leads nowhere/);
  });

  test('templates render values as text', () => {
    expect(mapValue({ template: 'Hello {{ $.input.name }}: {{$.input.list}}{{$.input.gone}}, {{plain}}' }, scope)).toBe(
      'Hello Ann: [1,2], {{plain}}',
    );
  });

  test('"..." spreads objects in order, and nothing else', () => {
    expect(mapInput({ '...': ['$.input', '$.load'], a: 2 }, scope)).toEqual({ ...scope.input, ...scope.load, a: 2 });
    expect(mapInput({ '...': '$.gone' }, scope)).toEqual({});
    expect(() => mapInput({ '...': '$.input.list' }, scope)).toThrow(/can only spread an object, not a list/);
  });

  test('an object that only looks like a mapping form is mapped as an object', () => {
    expect(mapValue({ path: 'src/a.ts' }, scope)).toEqual({ path: 'src/a.ts' });
    expect(mapValue({ value: 1, unit: 'ms' }, scope)).toEqual({ value: 1, unit: 'ms' });
  });

  test('data cannot change a prototype', () => {
    const target: Record<string, unknown> = {};
    mergeFields(target, JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}'));
    expect(target).toEqual({ a: 1 });
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
  });
});
