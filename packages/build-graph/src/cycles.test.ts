import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Edge, findCycles } from './cycles.ts';
import { type BuildGraph, createGraph } from './graph.ts';
import { topologicalOrder } from './layers.ts';
import { acyclicGraphs, anyGraphs, graphOf } from './random-graphs-for-tests.ts';

describe('findCycles', () => {
  test('gives the shortest cycle of a tangle and the one dependency to cut', () => {
    const found = findCycles(graphOf({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['b'], free: ['a'] }));
    expect(found).toEqual({ paths: [['b', 'c', 'a']].map(startingAt('a')), cut: [{ from: 'b', to: 'c' }], smallest: true });
  });

  test('sees a node that depends on itself, and several tangles', () => {
    const found = findCycles(graphOf({ self: ['self'], a: ['b'], b: ['a'] }));
    expect(found?.paths).toHaveLength(2);
    expect(found?.cut).toContainEqual({ from: 'self', to: 'self' });
    expect(found?.cut).toHaveLength(2);
  });

  test('finds nothing where there is nothing', () => {
    fc.assert(fc.property(acyclicGraphs(30), (graph) => void expect(findCycles(graph)).toBeUndefined()));
  });

  test('each path is a cycle, and the cut leaves none', () => {
    fc.assert(
      fc.property(anyGraphs(14), (graph) => {
        const found = findCycles(graph);
        for (const path of found?.paths ?? [])
          for (const [at, id] of path.entries()) expect(graph.dependencies.get(id)).toContain(path[(at + 1) % path.length]);
        expect(isAcyclic(graph, found?.cut ?? [])).toBe(true);
      }),
    );
  });

  test('no smaller cut exists', () => {
    fc.assert(
      fc.property(anyGraphs(5), (graph) => {
        const cut = findCycles(graph)?.cut ?? [];
        if (cut.length > 0) expect(someCut(graph, cut.length - 1)).toBe(false);
      }),
    );
  });

  test('a clique is cut too, though perhaps not best', () => {
    const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
    const graph = graphOf(Object.fromEntries(names.map((id) => [id, names.filter((other) => other !== id)])));
    const found = findCycles(graph);
    expect(isAcyclic(graph, found?.cut ?? [])).toBe(true);
    expect(found?.smallest).toBe(false);
  });
});

function startingAt(first: string): (path: string[]) => string[] {
  return (path) => [...path.slice(path.indexOf(first)), ...path.slice(0, path.indexOf(first))];
}

function isAcyclic(graph: BuildGraph, cut: readonly Edge[]): boolean {
  const isCut = (from: string, to: string) => cut.some((edge) => edge.from === from && edge.to === to);
  const rest = [...graph.dependencies].map(([id, needed]) => ({ id, dependsOn: needed.filter((to) => !isCut(id, to)) }));
  const made = createGraph(rest);
  return 'graph' in made && topologicalOrder(made.graph).length === graph.ids.length;
}

function someCut(graph: BuildGraph, size: number): boolean {
  const edges = [...graph.dependencies].flatMap(([from, needed]) => needed.map((to) => ({ from, to })));
  const choose = (from: number, left: number, cut: Edge[]): boolean =>
    left === 0 ? isAcyclic(graph, cut) : edges.slice(from).some((edge, at) => choose(from + at + 1, left - 1, [...cut, edge]));
  return choose(0, size, []);
}
