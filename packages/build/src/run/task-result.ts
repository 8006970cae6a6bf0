import { type BuildGraph, type NodeState, reachable } from '@selfheal/build-graph';
import type { TaskResult } from './build-event.ts';
import type { TaskEnd } from './run-task.ts';

/** What became of a task, but for its times. */
export function resultOf(id: string, { outcome, error, notKept }: TaskEnd): TaskResult {
  return {
    id,
    state: outcome === 'done' ? 'built' : outcome,
    blockedBy: [],
    ...(error === undefined ? {} : { error }),
    ...(notKept === undefined ? {} : { notKept }),
  };
}

/** One result for each task of a build that is over, in the order of the graph: those that never started have one, too. */
export function allResults(
  graph: BuildGraph,
  ended: ReadonlyMap<string, TaskResult>,
  stateOf: (id: string) => NodeState | undefined,
): readonly TaskResult[] {
  const failed = (id: string) => stateOf(id) === 'failed';
  return graph.ids.map((id) => {
    const result = ended.get(id);
    if (result !== undefined) return result;
    if (stateOf(id) !== 'blocked') return { id, state: stateOf(id) === 'failed' ? 'failed' : 'cancelled', blockedBy: [] };
    return { id, state: 'blocked', blockedBy: [...reachable(graph, id, 'dependencies')].filter(failed) };
  });
}
