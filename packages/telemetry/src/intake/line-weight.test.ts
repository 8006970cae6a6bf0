import { expect, it } from 'vitest';
import { lineWeight } from './line-weight.ts';

it('is little more than the length of an ordinary line, and many times that of one full of values', () => {
  const ordinary = JSON.stringify({ level: 'info', msg: 'x'.repeat(200) });
  expect(lineWeight(ordinary)).toBeLessThan(1.5 * ordinary.length);
  expect(lineWeight('x'.repeat(20_000))).toBeLessThan(1.5 * 20_000);
  const values = `[${'{},'.repeat(20_000)}{}]`;
  expect(lineWeight(values)).toBeGreaterThan(20 * values.length);
  expect(lineWeight('{}')).toBeGreaterThan(20 * 2);
});
