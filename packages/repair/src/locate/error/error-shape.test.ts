import { expect, test } from 'vitest';
import { readErrorShape } from './error-shape.ts';

test.each([
  [
    "Cannot read properties of undefined (reading 'country')",
    { kind: 'null-access', access: 'read', property: 'country', value: 'undefined' },
  ],
  ["Cannot read property 'country' of null", { kind: 'null-access', access: 'read', property: 'country', value: 'null' }],
  ['Cannot read properties of undefined', { kind: 'null-access', access: 'read', property: undefined, value: 'undefined' }],
  ["Cannot set properties of null (setting 'a')", { kind: 'null-access', access: 'set', property: 'a', value: 'null' }],
  ["null is not an object (evaluating 'order.user.name')", { kind: 'null-access', access: 'read', property: 'name', value: 'null' }],
  [
    "Cannot destructure property 'a' of 'b.c' as it is undefined.",
    { kind: 'null-destructure', property: 'a', subject: 'b.c', value: 'undefined' },
  ],
  ["Cannot destructure 'b' as it is null.", { kind: 'null-destructure', property: undefined, subject: 'b', value: 'null' }],
  ['Cannot convert undefined or null to object', { kind: 'null-to-object' }],
  ['order.lines is not iterable', { kind: 'not-iterable', subject: 'order.lines' }],
  ['undefined is not iterable (cannot read property Symbol(Symbol.iterator))', { kind: 'not-iterable', subject: undefined }],
  ['load is not a function or its return value is not iterable', { kind: 'not-iterable', subject: undefined }],
  ['Spread syntax requires ...iterable[Symbol.iterator] to be a function', { kind: 'not-iterable', subject: undefined }],
  ['rows is not async iterable', { kind: 'not-iterable', subject: 'rows' }],
  ['store.find is not a function', { kind: 'not-a-function', subject: 'store.find', constructed: false }],
  ['Client is not a constructor', { kind: 'not-a-function', subject: 'Client', constructed: true }],
  ['total is not defined', { kind: 'not-defined', name: 'total', early: false }],
  ["Cannot access 'total' before initialization", { kind: 'not-defined', name: 'total', early: true }],
  ['Unexpected token < in JSON at position 0', { kind: 'json' }],
  [`"undefined" is not valid JSON`, { kind: 'json' }],
  ['Unexpected end of JSON input', { kind: 'json' }],
  ['Invalid time value', { kind: 'invalid-date' }],
  ['Invalid array length', { kind: 'invalid-length' }],
  ['Reduce of empty array with no initial value', { kind: 'empty-reduce' }],
  ['Cannot mix BigInt and other types, use explicit conversions', { kind: 'bigint-mix' }],
  ['payment refused', { kind: 'other' }],
])('%s', (message, shape) => {
  expect(readErrorShape(message)).toEqual(shape);
});
