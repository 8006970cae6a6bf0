import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DURATION_PATTERN, parseDuration } from './duration.ts';

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
  ['5 minutes', 300_000],
  ['1 hour, 5 min', 3_900_000],
  ['30 Seconds', 30_000],
  ['PT5M', 300_000],
  ['P1DT2H', 93_600_000],
  ['90', 90],
  [250, 250],
  [0, 0],
  [-1, undefined],
  [Number.NaN, undefined],
  ['', undefined],
  ['soon', undefined],
  ['5 parsecs', undefined],
  ['5s later', undefined],
  [null, undefined],
])('%j is %s', (value, ms) => {
  expect(parseDuration(value)).toBe(ms);
});

test('a bare number counts the unit that the document uses', () => {
  expect(parseDuration(180, 1_000)).toBe(180_000);
  expect(parseDuration('180', 1_000)).toBe(180_000);
  expect(parseDuration('180ms', 1_000)).toBe(180);
});

test('every duration that the schema allows can be read', () => {
  const part = fc.tuple(fc.nat(10_000), fc.constantFrom('ms', 's', 'm', 'h', 'd')).map(([amount, unit]) => `${amount}${unit}`);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(DURATION_PATTERN.test(parts.join(''))).toBe(true);
      expect(parseDuration(parts.join(''))).toBe(parts.reduce((sum, text) => sum + (parseDuration(text) ?? Number.NaN), 0));
    }),
  );
});
