import { expect, test } from 'vitest';
import { dstar, ochiai, tarantula } from './formulas.ts';

test('a line that all failing and no passing observation ran is suspected most', () => {
  const spectrum = { ef: 3, ep: 0, nf: 0, np: 5 };
  expect([ochiai(spectrum), dstar(spectrum), tarantula(spectrum)]).toEqual([1, 1, 1]);
});

test('values as in the papers', () => {
  const spectrum = { ef: 2, ep: 3, nf: 1, np: 4 };
  expect(ochiai(spectrum)).toBeCloseTo(2 / Math.sqrt(3 * 5));
  expect(dstar(spectrum)).toBeCloseTo(1 / 2);
  expect(tarantula(spectrum)).toBeCloseTo(2 / 3 / (2 / 3 + 3 / 7));
});

test('a line that no failing observation ran is not suspected, and nothing divides by nought', () => {
  for (const spectrum of [
    { ef: 0, ep: 3, nf: 2, np: 0 },
    { ef: 0, ep: 0, nf: 0, np: 0 },
  ]) {
    expect([ochiai(spectrum), dstar(spectrum), tarantula(spectrum)]).toEqual([0, 0, 0]);
  }
});
