import { type BuildGraph, dependenciesOf, dependentsOf } from './graph.ts';

/**
 * Nodes by distance: the first layer depends on nothing, each other on the layer before it (Kahn 1962). What a cycle holds up is in no
 * layer. Within a layer the order is that of the graph.
 */
export function layers(graph: BuildGraph): readonly (readonly string[])[] {
  const open = new Map(graph.ids.map((id) => [id, dependenciesOf(graph, id).length]));
  const found: string[][] = [];
  let layer = graph.ids.filter((id) => open.get(id) === 0);
  while (layer.length > 0) {
    found.push(layer);
    const next: string[] = [];
    for (const id of layer) {
      for (const dependent of dependentsOf(graph, id)) {
        const left = (open.get(dependent) ?? 0) - 1;
        open.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    layer = next;
  }
  return found;
}

/** Dependencies first. Shorter than the graph where it has a cycle. */
export function topologicalOrder(graph: BuildGraph): readonly string[] {
  return layers(graph).flat();
}
