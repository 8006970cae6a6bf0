import { SelfhealError } from '@selfheal/contracts/errors';
import { recordFailure } from './failure.ts';
import { fork, join, type Memory, remember } from './memory.ts';
import type { GraphNode } from './plan.ts';
import { type Flow, type Lane, ON, type Place, sideLane, type Work } from './run.ts';
import { topologicalOrder } from './topological-order.ts';

/** A node of a graph with what it runs; `beat` is the id of its beat. */
export interface GraphWork<P extends Place> extends Pick<GraphNode, 'id' | 'dependsOn'> {
  readonly beat: string;
  readonly work: Work<P>;
}

export interface GraphTerms<P extends Place> {
  readonly id: string;
  readonly nodes: readonly GraphWork<P>[];
  /** Nodes that run at once; default: all that are ready. */
  readonly concurrency?: number;
}

type NodeState = 'running' | 'completed' | 'failed' | 'blocked';

/**
 * Runs the nodes, each when all that it depends on has ended well: exactly `concurrency` at once while so many are ready. A node sees what
 * those wrote that it stands on, and what was there before the graph. Where a node fails and its beat says `continue`, what depends on it
 * is left out and recorded as blocked.
 * @throws the first failure of a node whose beat does not say `continue`, after all that was under way has ended
 */
export async function runGraph<P extends Place>(terms: GraphTerms<P>, place: P): Promise<Flow> {
  const { order, circle } = topologicalOrder(terms.nodes);
  if (!order) throw new SelfhealError('SEQUENCE_INVALID', `the graph "${terms.id}" has a circle: ${circle.join(' → ')}`);
  const run = new GraphRun(terms, order, place);
  const end = await run.untilOver();
  if (end !== undefined && 'error' in end) throw end.error;
  for (const { id } of terms.nodes) run.join(id, place.memory);
  if (end !== undefined) return end.flow;
  remember(place.memory, terms.id, { nodes: Object.fromEntries(terms.nodes.map(({ id }) => [id, run.state(id)])) }, null);
  return ON;
}

/** What ended a graph before all its nodes had their turn. */
type EarlyEnd = { readonly flow: Flow } | { readonly error: unknown };

class GraphRun<P extends Place> {
  readonly #place: P;
  readonly #concurrency: number;
  readonly #group: Lane;
  /** Not started yet, dependencies first. */
  #waiting: readonly GraphWork<P>[];
  readonly #nodes: ReadonlyMap<string, GraphWork<P>>;
  readonly #states = new Map<string, NodeState>();
  readonly #memories = new Map<string, Memory>();
  readonly #over = Promise.withResolvers<void>();
  #running = 0;
  #end: EarlyEnd | undefined;

  constructor({ nodes, concurrency = nodes.length }: GraphTerms<P>, order: readonly GraphWork<P>[], place: P) {
    this.#place = place;
    this.#concurrency = Math.max(1, concurrency);
    this.#group = sideLane(place.lane);
    this.#waiting = order;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
  }

  async untilOver(): Promise<EarlyEnd | undefined> {
    this.#fillSlots();
    await this.#over.promise;
    return this.#end;
  }

  state(id: string): NodeState | undefined {
    return this.#states.get(id);
  }

  /** Adds what a node wrote. */
  join(id: string, memory: Memory): void {
    const written = this.#memories.get(id);
    if (written !== undefined) join(memory, written);
  }

  #fillSlots(): void {
    this.#leaveOutBlocked();
    for (const node of this.#waiting) {
      if (this.#end !== undefined || this.#running >= this.#concurrency) break;
      if (!node.dependsOn.every((id) => this.#states.get(id) === 'completed')) continue;
      this.#waiting = this.#waiting.filter((other) => other !== node);
      void this.#run(node);
    }
    if (this.#running === 0) this.#over.resolve();
  }

  /** Dependencies come first, so one pass finds all that a failure blocks. */
  #leaveOutBlocked(): void {
    const blocks = (id: string) => this.#states.get(id) === 'failed' || this.#states.get(id) === 'blocked';
    this.#waiting = this.#waiting.filter((node) => {
      const cause = node.dependsOn.find(blocks);
      if (cause === undefined) return true;
      this.#states.set(node.id, 'blocked');
      const message = `"${node.id}" was left out, because "${cause}", on which it depends, did not succeed`;
      recordFailure(this.#place, { beat: node.beat, movement: this.#place.movement, code: 'CANCELLED', message });
      return false;
    });
  }

  async #run(node: GraphWork<P>): Promise<void> {
    this.#running += 1;
    this.#states.set(node.id, 'running');
    const lane = sideLane(this.#group);
    const memory = this.#memoryFor(node);
    this.#memories.set(node.id, memory);
    try {
      const flow = await node.work({ ...this.#place, memory, lane });
      this.#states.set(node.id, lane.failed === true ? 'failed' : 'completed');
      if (flow.go !== 'on') this.#endWith({ flow });
    } catch (error) {
      this.#endWith({ error });
    }
    this.#running -= 1;
    this.#fillSlots();
  }

  /** No further node starts, and no further beat of those that run. */
  #endWith(end: EarlyEnd): void {
    this.#end ??= end;
    this.#group.ended = true;
  }

  /** What was there before, and what the nodes wrote that this one stands on, in the order of the document. */
  #memoryFor(node: GraphWork<P>): Memory {
    const below = new Set<string>();
    const add = ({ dependsOn }: GraphWork<P>): void => {
      for (const id of dependsOn) {
        const other = this.#nodes.get(id);
        if (other === undefined || below.has(id)) continue;
        below.add(id);
        add(other);
      }
    };
    add(node);
    const seen = fork(this.#place.memory);
    for (const id of this.#nodes.keys()) if (below.has(id)) this.join(id, seen);
    return { ...seen, written: [] };
  }
}
