/** A node of a dependency graph; dependencies on ids that are not in the graph are ignored. */
export interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export type Ordered<T> =
  | { readonly order: readonly T[]; readonly circle?: undefined }
  | { readonly order?: undefined; readonly circle: readonly string[] };

/**
 * Dependencies first; among the ready ones the order given decides (Kahn 1962). Where there is none, a circle is named:
 * `['a', 'b', 'a']` reads "a needs b needs a".
 */
export function topologicalOrder<T extends Dependent>(nodes: readonly T[]): Ordered<T> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const pending = new Map(nodes.map((node) => [node.id, new Set(node.dependsOn.filter((id) => byId.has(id)))]));
  const dependents = dependentsOf(nodes);
  const position = new Map(nodes.map((node, index) => [node.id, index]));
  const ready = [...byId.values()].filter((node) => pending.get(node.id)?.size === 0);
  const order: T[] = [];
  for (let node = takeFirst(ready, position); node; node = takeFirst(ready, position)) {
    order.push(node);
    for (const id of dependents.get(node.id) ?? []) {
      const waiting = pending.get(id);
      const dependent = byId.get(id);
      if (waiting?.delete(node.id) && waiting.size === 0 && dependent) ready.push(dependent);
    }
  }
  return order.length === byId.size ? { order } : { circle: findCircle(pending) };
}

function dependentsOf(nodes: readonly Dependent[]): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const node of nodes) {
    for (const id of new Set(node.dependsOn)) {
      const known = dependents.get(id);
      if (known) known.push(node.id);
      else dependents.set(id, [node.id]);
    }
  }
  return dependents;
}

function takeFirst<T extends Dependent>(ready: T[], position: ReadonlyMap<string, number>): T | undefined {
  ready.sort((left, right) => (position.get(left.id) ?? 0) - (position.get(right.id) ?? 0));
  return ready.shift();
}

/** Every node left has a dependency left, so walking along them must come back. */
function findCircle(pending: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const start = [...pending].find(([, waiting]) => waiting.size > 0)?.[0];
  const walked: string[] = [];
  let at = start;
  while (at !== undefined && !walked.includes(at)) {
    walked.push(at);
    at = [...(pending.get(at) ?? [])][0];
  }
  return at === undefined ? walked : [...walked.slice(walked.indexOf(at)), at];
}
