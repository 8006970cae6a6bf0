/** One thing to be built: a task of a package. */
export interface BuildNode {
  readonly id: string;
  /** Ids that must have ended well before this starts. Ids that are no node of the graph are an error. */
  readonly dependsOn: readonly string[];
}

/** A checked graph. Both maps hold every node; lists keep the order of the input, without repeats. */
export interface BuildGraph {
  readonly ids: readonly string[];
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** What is wrong with a list of nodes. */
export type GraphFault =
  | { readonly kind: 'twice'; readonly id: string }
  | { readonly kind: 'missing'; readonly id: string; readonly dependency: string };

/** The graph of some nodes, or what is wrong with them. Cycles are no fault here: `findCycles` tells them. */
export function createGraph(nodes: readonly BuildNode[]): { readonly graph: BuildGraph } | { readonly faults: readonly GraphFault[] } {
  const dependencies = new Map<string, readonly string[]>();
  const faults: GraphFault[] = [];
  for (const { id, dependsOn } of nodes) {
    if (dependencies.has(id)) faults.push({ kind: 'twice', id });
    else dependencies.set(id, [...new Set(dependsOn)]);
  }
  const dependents = new Map<string, string[]>([...dependencies.keys()].map((id) => [id, []]));
  for (const [id, needed] of dependencies) {
    for (const dependency of needed) {
      const list = dependents.get(dependency);
      if (list === undefined) faults.push({ kind: 'missing', id, dependency });
      else list.push(id);
    }
  }
  return faults.length > 0 ? { faults } : { graph: { ids: [...dependencies.keys()], dependencies, dependents } };
}

export function dependenciesOf(graph: BuildGraph, id: string): readonly string[] {
  return graph.dependencies.get(id) ?? [];
}

export function dependentsOf(graph: BuildGraph, id: string): readonly string[] {
  return graph.dependents.get(id) ?? [];
}

/** All that a node stands on, or all that stands on it, without itself. */
export function reachable(graph: BuildGraph, from: string, direction: 'dependencies' | 'dependents'): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [from];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const next of graph[direction].get(id) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      pending.push(next);
    }
  }
  return found;
}
