import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonOrder, movedSteps } from './order.ts';

test.each([
  [['a', 'b', 'c', 'd'], ['a', 'c', 'b', 'd'], 1],
  [['a', 'b', 'c'], ['a', 'b', 'c'], 0],
  [['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], 1],
  [['a', 'b'], ['x', 'b', 'a', 'y'], 1],
  [['a', 'b', 'c'], ['c', 'b', 'a'], 2],
])('of %j seen as %j, %i must move', (expected, seen, count) => {
  expect(movedSteps(expected, seen)).toHaveLength(count);
});

test('taking the moved steps out leaves both orders equal, whatever they are', () => {
  const steps = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(
    fc.property(fc.shuffledSubarray(steps), fc.shuffledSubarray(steps), (expected, seen) => {
      const moved = new Set(movedSteps(expected, seen));
      const kept = (order: string[], other: string[]) => order.filter((step) => other.includes(step) && !moved.has(step));
      expect(kept(seen, expected)).toEqual(kept(expected, seen));
    }),
  );
});

test('what two orders have in common is in the order of both', () => {
  expect(commonOrder(['a', 'b', 'c', 'd'], ['b', 'a', 'c', 'x', 'd'])).toHaveLength(3);
});
