import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGraph, reachable } from './graph.ts';
import { layers, topologicalOrder } from './layers.ts';
import { acyclicGraphs, graphOf } from './random-graphs-for-tests.ts';

describe('createGraph', () => {
  test('names what is twice and what is missing', () => {
    const made = createGraph([
      { id: 'a', dependsOn: ['b', 'nowhere'] },
      { id: 'b', dependsOn: [] },
      { id: 'a', dependsOn: [] },
    ]);
    expect(made).toEqual({
      faults: [
        { kind: 'twice', id: 'a' },
        { kind: 'missing', id: 'a', dependency: 'nowhere' },
      ],
    });
  });

  test('takes a dependency once, however often it is named', () => {
    const graph = graphOf({ app: ['lib', 'lib'], lib: [] });
    expect(graph.dependents.get('lib')).toEqual(['app']);
  });
});

const DIAMOND = graphOf({ app: ['left', 'right'], left: ['base'], right: ['base'], base: [], alone: [] });

test('reaches both ways', () => {
  expect(reachable(DIAMOND, 'app', 'dependencies')).toEqual(new Set(['left', 'right', 'base']));
  expect(reachable(DIAMOND, 'base', 'dependents')).toEqual(new Set(['app', 'left', 'right']));
});

test('layers stand on the layer before', () => {
  expect(layers(DIAMOND)).toEqual([['base', 'alone'], ['left', 'right'], ['app']]);
  expect(layers(graphOf({ a: ['b'], b: ['a'], c: [], d: ['a'] }))).toEqual([['c']]);
});

test('an order has all dependencies first', () => {
  fc.assert(
    fc.property(acyclicGraphs(30), (graph) => {
      const at = new Map(topologicalOrder(graph).map((id, index) => [id, index]));
      expect(at.size).toBe(graph.ids.length);
      for (const [id, needed] of graph.dependencies) for (const one of needed) expect(at.get(one)).toBeLessThan(at.get(id) ?? -1);
    }),
  );
});
