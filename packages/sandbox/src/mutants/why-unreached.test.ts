import { expect, test } from 'vitest';
import { whyUnreached } from './why-unreached.ts';

const source = `function fee(order) {
  const zone = order.zone;
  try {
    check(zone);
  } catch (error) {
    log(error);
  }
  if (zone === 'abroad') {
    extra(order);
  }
  for (const line of order.lines) {
    add(line);
  }
  if (!order.paid) return 0;
  return order.total;
}
`;

test.each([
  [2, undefined],
  [4, undefined],
  [6, 'runs only after an error that no call of the test causes'],
  [8, undefined],
  [9, "needs `zone === 'abroad'`"],
  [12, 'runs only in a pass of its loop'],
  [15, 'is left out where `!order.paid`'],
])('line %i: %s', (line, why) => {
  expect(whyUnreached('fee.js', source, line)).toBe(why);
});
