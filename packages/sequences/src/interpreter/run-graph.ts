import { SelfhealError } from '@selfheal/contracts/errors';
import { remember } from './memory.ts';
import type { GraphBeat, GraphNode } from './plan.ts';
import { type Flow, noticeOnce, ON, type Place } from './run.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * Runs the nodes one after another, dependencies first, until the dependency-aware runner exists. Where a node fails and
 * its beat says `continue`, what depends on it is left out and recorded as blocked.
 */
export async function runGraph(beat: GraphBeat, place: Place): Promise<Flow> {
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
    const flow = await place.runList([node.beat], place);
    if (flow.go !== 'on') return flow;
    states[node.id] = place.run.failures.length > failuresBefore ? 'failed' : 'completed';
  }
  remember(place.memory, beat.id, { nodes: states }, null);
  return ON;
}

function block(node: GraphNode, states: Record<string, string>, { run, movement }: Place): boolean {
  const cause = node.dependsOn.find((id) => states[id] === 'failed' || states[id] === 'blocked');
  if (cause === undefined) return false;
  states[node.id] = 'blocked';
  const message = `"${node.id}" was left out, because "${cause}", on which it depends, did not succeed`;
  run.failures.push({ beat: node.beat.id, movement, code: 'CANCELLED', message });
  return true;
}
