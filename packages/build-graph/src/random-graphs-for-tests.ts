import fc from 'fast-check';
import { type BuildGraph, type BuildNode, createGraph } from './graph.ts';

export function graphOf(nodes: Readonly<Record<string, readonly string[]>>): BuildGraph {
  return checked(Object.entries(nodes).map(([id, dependsOn]) => ({ id, dependsOn })));
}

/** Graphs without a cycle: each node depends on some of those before it; the order of the nodes is shuffled. */
export function acyclicGraphs(most: number): fc.Arbitrary<BuildGraph> {
  return fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: most })
    .chain((picks) => {
      const nodes = picks.map(
        (picked, at): BuildNode => ({ id: `n${at}`, dependsOn: at === 0 ? [] : picked.map((pick) => `n${pick % at}`) }),
      );
      return fc.shuffledSubarray(nodes, { minLength: nodes.length });
    })
    .map(checked);
}

/** Any graphs, most of them with cycles. */
export function anyGraphs(most: number): fc.Arbitrary<BuildGraph> {
  return fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: most })
    .map((picks) => checked(picks.map((picked, at) => ({ id: `n${at}`, dependsOn: picked.map((pick) => `n${pick % picks.length}`) }))));
}

function checked(nodes: readonly BuildNode[]): BuildGraph {
  const made = createGraph(nodes);
  if ('faults' in made) throw new TypeError(JSON.stringify(made.faults));
  return made.graph;
}
