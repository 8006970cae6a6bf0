import { SelfhealError } from '@selfheal/contracts/errors';
import { remember } from './memory.ts';
import type { GraphNode } from './plan.ts';
import { type Flow, noticeOnce, ON, type Place, type Work } from './run.ts';
import { topologicalOrder } from './topological-order.ts';

/** A node of a graph with what it runs; `beat` is the id of its beat. */
export interface GraphWork<P extends Place> extends Pick<GraphNode, 'id' | 'dependsOn'> {
  readonly beat: string;
  readonly work: Work<P>;
}

/**
 * Runs the nodes one after another, dependencies first, until the dependency-aware runner exists. Where a node fails and
 * its beat says `continue`, what depends on it is left out and recorded as blocked.
 */
export async function runGraph<P extends Place>(
  beat: { readonly id: string; readonly nodes: readonly GraphWork<P>[] },
  place: P,
): Promise<Flow> {
  const { order, circle } = topologicalOrder(beat.nodes);
  if (!order) throw new SelfhealError('SEQUENCE_INVALID', `the graph "${beat.id}" has a circle: ${circle.join(' → ')}`);
  const count = beat.nodes.length;
  noticeOnce(
    place.run,
    `graph "${beat.id}": its ${count} nodes run one after another in dependency order; the concurrent runner is not built yet`,
  );
  const states: Record<string, 'completed' | 'failed' | 'blocked'> = {};
  for (const node of order) {
    if (block(node, states, place)) continue;
    const failuresBefore = place.run.failures.length;
    const flow = await node.work(place);
    if (flow.go !== 'on') return flow;
    states[node.id] = place.run.failures.length > failuresBefore ? 'failed' : 'completed';
  }
  remember(place.memory, beat.id, { nodes: states }, null);
  return ON;
}

function block<P extends Place>(node: GraphWork<P>, states: Record<string, string>, { run, movement }: P): boolean {
  const cause = node.dependsOn.find((id) => states[id] === 'failed' || states[id] === 'blocked');
  if (cause === undefined) return false;
  states[node.id] = 'blocked';
  const message = `"${node.id}" was left out, because "${cause}", on which it depends, did not succeed`;
  run.failures.push({ beat: node.beat, movement, code: 'CANCELLED', message });
  return true;
}
