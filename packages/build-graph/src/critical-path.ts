import { type BuildGraph, dependenciesOf, dependentsOf } from './graph.ts';
import { topologicalOrder } from './layers.ts';

/** Milliseconds that a node takes, as last recorded or estimated. */
export type Durations = ReadonlyMap<string, number>;

export interface CriticalPath {
  /** From the first that is built to the last. */
  readonly path: readonly string[];
  readonly durationMs: number;
}

/**
 * For each node the time from its start to the end of the longest chain that waits for it, itself included ("bottom level"): list
 * scheduling takes the greatest first (Hu 1961; Graham 1969).
 */
export function bottomLevels(graph: BuildGraph, durations: Durations): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const id of topologicalOrder(graph).toReversed()) {
    let after = 0;
    for (const dependent of dependentsOf(graph, id)) after = Math.max(after, levels.get(dependent) ?? 0);
    levels.set(id, (durations.get(id) ?? 0) + after);
  }
  return levels;
}

/** The longest chain of the graph: no build of it can be shorter, however many run at once. Among equals the first of the graph. */
export function criticalPath(graph: BuildGraph, durations: Durations): CriticalPath {
  const levels = bottomLevels(graph, durations);
  const longest = (ids: readonly string[]) =>
    ids.reduce<string | undefined>(
      (best, id) => (best === undefined || (levels.get(id) ?? 0) > (levels.get(best) ?? 0) ? id : best),
      undefined,
    );
  const path: string[] = [];
  let at = longest(graph.ids.filter((id) => dependenciesOf(graph, id).length === 0 && levels.has(id)));
  const durationMs = at === undefined ? 0 : (levels.get(at) ?? 0);
  while (at !== undefined) {
    path.push(at);
    at = longest(dependentsOf(graph, at).filter((id) => levels.has(id)));
  }
  return { path, durationMs };
}
