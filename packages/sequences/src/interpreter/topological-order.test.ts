import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topologicalOrder } from './topological-order.ts';

const node = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });

describe('topologicalOrder', () => {
  test('keeps the order given among what is ready', () => {
    const { order } = topologicalOrder([node('c', 'b'), node('a'), node('b', 'a', 'elsewhere'), node('d')]);
    expect(order?.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('names a circle, also one of a single node', () => {
    expect(topologicalOrder([node('x'), node('a', 'c'), node('b', 'a'), node('c', 'b', 'x')]).circle).toEqual(['a', 'c', 'b', 'a']);
    expect(topologicalOrder([node('a', 'a')]).circle).toEqual(['a', 'a']);
  });

  test('every node comes after what it depends on, for any graph without circles', () => {
    const graph = fc.integer({ min: 1, max: 40 }).chain((count) =>
      fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 120 }).map((pairs) =>
        Array.from({ length: count }, (_, index) => ({
          id: `n${index}`,
          dependsOn: pairs.filter(([from, to]) => from === index && to < index).map(([, to]) => `n${to}`),
        })),
      ),
    );
    fc.assert(
      fc.property(graph, (nodes) => {
        const order = topologicalOrder(nodes.toReversed()).order?.map(({ id }) => id) ?? [];
        expect(order).toHaveLength(nodes.length);
        for (const { id, dependsOn } of nodes)
          for (const needed of dependsOn) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(id));
      }),
    );
  });

  test('a thousand nodes are no effort', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) =>
      node(`n${index}`, ...(index > 0 ? [`n${index - 1}`, `n${Math.floor(index / 2)}`] : [])),
    );
    expect(topologicalOrder(nodes).order).toHaveLength(1000);
  });
});
