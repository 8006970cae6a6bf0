import { type BuildGraph, type Durations, dependenciesOf, dependentsOf, estimate, type NodeState, reachable } from '@selfheal/build-graph';
import type { BuildEvent, BuildProgress, TaskResult } from './build-event.ts';

/** Where a build stands, by its events: for who watches a build that is scheduled elsewhere. */
export class ProgressTracker {
  readonly #graph: BuildGraph;
  readonly #durations: Durations;
  readonly #concurrency: number;
  readonly #states = new Map<string, NodeState>();
  readonly #counts = { waiting: 0, ready: 0, running: 0, blocked: 0, done: 0, cached: 0, failed: 0, cancelled: 0 };
  /** Dependencies that have not ended well. */
  readonly #open = new Map<string, number>();
  readonly #startedAt = new Map<string, number>();

  /** @param ended tasks that need nothing any more */
  constructor(graph: BuildGraph, durations: Durations, concurrency: number, ended: Iterable<string>) {
    this.#graph = graph;
    this.#durations = durations;
    this.#concurrency = concurrency;
    for (const id of graph.ids) {
      const open = dependenciesOf(graph, id).length;
      this.#open.set(id, open);
      this.#set(id, open === 0 ? 'ready' : 'waiting');
    }
    for (const id of ended) this.#end(id, 'cached');
  }

  /** Gives what the event blocks, as results. */
  take(event: BuildEvent): readonly TaskResult[] {
    if (event.kind === 'line') return [];
    if (event.kind === 'started') {
      this.#set(event.id, 'running');
      this.#startedAt.set(event.id, Date.now());
      return [];
    }
    const { id, state } = event.result;
    this.#end(id, state === 'built' || state === 'healed' ? 'done' : state);
    this.#startedAt.delete(id);
    if (state !== 'failed') return [];
    const blocked = [...reachable(this.#graph, id, 'dependents')].filter((other) => this.#states.get(other) === 'waiting');
    for (const other of blocked) this.#set(other, 'blocked');
    return blocked.map((other) => ({ id: other, state: 'blocked', blockedBy: [id] }));
  }

  progress(): BuildProgress {
    const ran = new Map([...this.#startedAt].map(([id, at]) => [id, Date.now() - at]));
    const now = { graph: this.#graph, concurrency: this.#concurrency, durations: this.#durations, states: this.#states, ranMs: ran };
    return { counts: { ...this.#counts }, running: [...ran].map(([id, ranMs]) => ({ id, ranMs })), leftMs: () => estimate(now) };
  }

  #end(id: string, state: NodeState): void {
    this.#set(id, state);
    if (state !== 'done' && state !== 'cached') return;
    for (const other of dependentsOf(this.#graph, id)) {
      const open = (this.#open.get(other) ?? 0) - 1;
      this.#open.set(other, open);
      const before = this.#states.get(other);
      if (open === 0 && (before === 'waiting' || before === 'blocked')) this.#set(other, 'ready');
    }
  }

  #set(id: string, state: NodeState): void {
    const before = this.#states.get(id);
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[state] += 1;
    this.#states.set(id, state);
  }
}
