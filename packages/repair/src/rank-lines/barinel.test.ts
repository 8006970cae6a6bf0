import { expect, test } from 'vitest';
import { type Activity, barinel } from './barinel.ts';

function activities(...rows: readonly (readonly [passed: boolean, ...ran: number[]])[]): Activity[] {
  return rows.map(([passed, ...ran]) => ({ passed, ran: new Set(ran) }));
}

test('one that alone explains every failure and never passes takes nearly all of the probability', () => {
  const [only = 0, always = 0, never] = barinel(3, activities([false, 0, 1], [false, 0, 1], [true, 1, 2], [true, 1]));
  expect(only).toBeGreaterThan(0.9);
  expect(always).toBeGreaterThan(0);
  expect(always).toBeLessThan(0.1);
  expect(never).toBe(0);
});

test('the probability of one fault is that of its likelihood: (1-g)^f g^p at g = p / (p + f)', () => {
  // Both explain the two failures; the first passes once, the second three times.
  const [first = 0, second = 0] = barinel(2, activities([false, 0, 1], [false, 0, 1], [true, 0, 1], [true, 1], [true, 1]));
  const of = (passed: number, failed: number): number => {
    const g = passed / (passed + failed);
    return g ** passed * (1 - g) ** failed;
  };
  expect(first / second).toBeCloseTo(of(1, 2) / of(3, 2), 6);
  expect(first + second).toBeCloseTo(1, 6);
});

test('two faults that only together explain the failures are found as a pair', () => {
  const [a = 0, b = 0, both = 0] = barinel(
    3,
    activities([false, 0, 2], [false, 1, 2], [true, 2], [true, 2], [true, 2], [true, 2], [true, 2], [true, 2], [true, 2]),
  );
  expect(a).toBeCloseTo(b, 6);
  expect(a).toBeGreaterThan(0.5);
  expect(both).toBeLessThan(a);
});

test('nothing is said where nothing failed', () => {
  expect(barinel(2, activities([true, 0], [true, 1]))).toEqual([0, 0]);
});
