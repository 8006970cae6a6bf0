import type { RecordedCall } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { createCodeIndex } from '../../codebase/code-index.ts';
import { findSeparatingConditions } from './separating-conditions.ts';

function separate(source: string, failing: RecordedCall['input'][], passing: RecordedCall['input'][]) {
  const [one] = createCodeIndex({ commit: 'c', files: { 'a.js': source }, leftOut: [] }).functions;
  if (one === undefined) throw new Error('the sample has no function');
  const calls = (inputs: RecordedCall['input'][], outcome: RecordedCall['outcome']) =>
    inputs.map((input): RecordedCall => ({ operation: 'f', eventId: 'e', outcome, ...(input === undefined ? {} : { input }) }));
  return findSeparatingConditions(one, calls(failing, 'error'), calls(passing, 'ok')).map(({ node, boundary }) => [
    node.getText(),
    boundary,
  ]);
}

test('a comparison on whose boundary every failing call sits is found first', () => {
  const source =
    'const LIMIT = 10;\nexport function f(order) {\n  if (order.kind === "x") return 1;\n  return order.count > LIMIT ? 2 : 3;\n}\n';
  expect(
    separate(
      source,
      [{ count: 10, kind: 'y' }, { order: { count: 10, kind: 'x' } }],
      [
        { count: 9, kind: 'x' },
        { count: 12, kind: 'y' },
      ],
    ),
  ).toEqual([['order.count > LIMIT', true]]);
});

test('a comparison that is true for failing calls only separates them', () => {
  const source = 'export function f({ tier, total }) {\n  if (tier !== "gold") return 1;\n  return total >= -5;\n}\n';
  expect(
    separate(
      source,
      [
        { tier: 'gold', total: 3 },
        { tier: 'gold', total: 4 },
      ],
      [{ tier: 'silver', total: 3 }],
    ),
  ).toEqual([['tier !== "gold"', false]]);
});

test('the length of a list is a value too', () => {
  const source = 'export function f(order) {\n  return order.lines.length <= 0;\n}\n';
  expect(separate(source, [{ order: { lines: [] } }], [{ order: { lines: [1] } }])).toEqual([['order.lines.length <= 0', true]]);
});

test('comparisons of what no call tells, or that tell nothing apart, are left out', () => {
  const source = 'export function f(order, now) {\n  return now > order.due || order.count < 5 || order.open == true;\n}\n';
  expect(separate(source, [{ count: 1, open: true }], [{ count: 2, open: true }])).toEqual([]);
  expect(separate(source, [undefined], [{ count: 2 }])).toEqual([]);
});
