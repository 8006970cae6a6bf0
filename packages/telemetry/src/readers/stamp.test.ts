import { describe, expect, it } from 'vitest';
import { epochMs, stampAt, stampOf } from './stamp.ts';

const reference = Date.UTC(2024, 0, 2, 12);
const iso = (text: string): string | undefined => {
  const found = stampAt(text, reference);
  return found === undefined ? undefined : new Date(found.stamp).toISOString();
};

describe('stampAt', () => {
  it.each([
    ['2024-05-01T10:00:00.123Z x', '2024-05-01T10:00:00.123Z'],
    ['2024-05-01T10:00:00.123456789+02:00', '2024-05-01T08:00:00.123Z'],
    ['2024-05-01 10:00:00', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01 10:00:00,5 -0330', '2024-05-01T13:30:00.500Z'],
    ['2024/05/01 10:00:00 [error]', '2024-05-01T10:00:00.000Z'],
    ['May 1 2024 10:00:00 x', '2024-05-01T10:00:00.000Z'],
    ['May  1, 2024 10:00:00', '2024-05-01T10:00:00.000Z'],
    ['[01/May/2024:10:00:00 +0100]', '2024-05-01T09:00:00.000Z'],
    ['Wed May 01 2024 10:00:00 GMT+0200 (CEST)', '2024-05-01T08:00:00.000Z'],
    ['01.05.2024 10:00:00', '2024-05-01T10:00:00.000Z'],
    ['01 May 2024 10:00:00.250 *', '2024-05-01T10:00:00.250Z'],
    ['01-May-2024 10:00:00', '2024-05-01T10:00:00.000Z'],
    ['24/05/01 10:00:00 INFO', '2024-05-01T10:00:00.000Z'],
    ['24/05/24 10:00:00 INFO', '2024-05-24T10:00:00.000Z'],
    ['[01.05.24 10:00:00]', '2024-05-01T10:00:00.000Z'],
    ['[01.01 10:00:00]', '2024-01-01T10:00:00.000Z'],
    ['20240501-10:00:00:250', '2024-05-01T10:00:00.250Z'],
    ['1714557600', '2024-05-01T10:00:00.000Z'],
    ['1714557600123 x', '2024-05-01T10:00:00.123Z'],
    ['1714557600123456', '2024-05-01T10:00:00.123Z'],
    ['1714557600123456789', '2024-05-01T10:00:00.123Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it('takes a missing year or day from the reference, never from its future', () => {
    expect(iso('Jan  2 10:00:00 host')).toBe('2024-01-02T10:00:00.000Z');
    expect(iso('Dec 31 23:59:59 host')).toBe('2023-12-31T23:59:59.000Z');
    expect(iso('11:30:00.5 x')).toBe('2024-01-02T11:30:00.500Z');
    expect(iso('23:30:00 x')).toBe('2024-01-01T23:30:00.000Z');
  });

  it.each(['', 'hello', '2024', '2024-13-01T10:00:00Z', '99:99:99 x', '12345', '2024-05-01T10:61:00Z'])(
    'reads no stamp from %j',
    (text) => {
      expect(stampAt(text, reference)).toBeUndefined();
    },
  );
});

describe('stampOf', () => {
  it('brings epoch numbers to milliseconds by magnitude', () => {
    expect([1714557600, 1714557600000, 1714557600000000, 1714557600000000000].map((value) => epochMs(value))).toEqual(
      Array(4).fill(1714557600000),
    );
    expect(epochMs('1714557600123456789')).toBeCloseTo(1714557600123.457, 2);
    expect(stampOf(12, reference)).toBeUndefined();
    expect(stampOf({}, reference)).toBeUndefined();
  });
});
