import { type BuildGraph, type Durations, dependenciesOf, estimate, type NodeState, reachable } from '@selfheal/build-graph';
import type { BuildEvent, BuildProgress, TaskResult } from './build-event.ts';

/** Where a build stands, by its events: for who watches a build that is scheduled elsewhere. */
export class ProgressTracker {
  readonly #graph: BuildGraph;
  readonly #durations: Durations;
  readonly #concurrency: number;
  readonly #states = new Map<string, NodeState>();
  readonly #startedAt = new Map<string, number>();

  /** @param ended tasks that need nothing any more */
  constructor(graph: BuildGraph, durations: Durations, concurrency: number, ended: Iterable<string>) {
    this.#graph = graph;
    this.#durations = durations;
    this.#concurrency = concurrency;
    for (const id of ended) this.#states.set(id, 'cached');
  }

  /** Gives what the event blocks, as results. */
  take(event: BuildEvent): readonly TaskResult[] {
    if (event.kind === 'line') return [];
    if (event.kind === 'started') {
      this.#states.set(event.id, 'running');
      this.#startedAt.set(event.id, Date.now());
      return [];
    }
    const { id, state } = event.result;
    this.#states.set(id, state === 'built' || state === 'healed' ? 'done' : state);
    this.#startedAt.delete(id);
    if (state !== 'failed') return [];
    const blocked = [...reachable(this.#graph, id, 'dependents')].filter((other) => !this.#states.has(other));
    for (const other of blocked) this.#states.set(other, 'blocked');
    return blocked.map((other) => ({ id: other, state: 'blocked', blockedBy: [id] }));
  }

  progress(): BuildProgress {
    const counts = { waiting: 0, ready: 0, running: 0, blocked: 0, done: 0, cached: 0, failed: 0, cancelled: 0 };
    for (const id of this.#graph.ids) counts[this.#stateOf(id)] += 1;
    const ran = new Map([...this.#startedAt].map(([id, at]) => [id, Date.now() - at]));
    const now = { graph: this.#graph, concurrency: this.#concurrency, durations: this.#durations, states: this.#states, ranMs: ran };
    return { counts, running: [...ran].map(([id, ranMs]) => ({ id, ranMs })), leftMs: () => estimate(now) };
  }

  #stateOf(id: string): NodeState {
    const isDone = (other: string) => ['done', 'cached'].includes(this.#states.get(other) ?? '');
    return this.#states.get(id) ?? (dependenciesOf(this.#graph, id).every(isDone) ? 'ready' : 'waiting');
  }
}
