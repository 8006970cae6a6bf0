import { bottomLevels, type Durations } from './critical-path.ts';
import { type BuildGraph, dependenciesOf, dependentsOf, reachable } from './graph.ts';
import { ReadyQueue } from './ready-queue.ts';

/** How a node that was started ended. */
export type Outcome = 'done' | 'cached' | 'failed' | 'cancelled';
export type NodeState = 'waiting' | 'ready' | 'running' | 'blocked' | Outcome;

/** After a failure: stop what runs | let it finish and start nothing more | go on with all that does not need what failed. */
export type FailurePolicy = 'stop' | 'finish-running' | 'continue';

export interface ScheduleSettings {
  readonly graph: BuildGraph;
  /** Nodes that run at once; at least 1. */
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  /** The longest chain goes first by these; without any, the chain of most nodes. */
  readonly durations: Durations;
}

/** What a schedule is rebuilt from, after a crash or in the next run of a workflow: plain data. */
export interface ScheduleSnapshot {
  readonly concurrency: number;
  readonly paused: boolean;
  readonly stopped: boolean;
  /** Of nodes that have started; the rest follows from the graph. */
  readonly started: Readonly<Record<string, Outcome | 'running'>>;
}

/**
 * Which nodes run when: list scheduling by the longest remaining chain, with never more than `concurrency` at once and never fewer while
 * one is ready. Deterministic; it starts nothing itself: `take` gives what is to be started now, `finish` is told how it ended.
 */
export class Schedule {
  readonly graph: BuildGraph;
  readonly #onFailure: FailurePolicy;
  readonly #ready: ReadyQueue;
  readonly #states = new Map<string, NodeState>();
  readonly #counts = { waiting: 0, ready: 0, running: 0, blocked: 0, done: 0, cached: 0, failed: 0, cancelled: 0 };
  /** Dependencies that have not ended well. */
  readonly #open = new Map<string, number>();
  readonly #running = new Set<string>();
  /** Running still, though without a slot: see `freeSlot`. */
  readonly #settling = new Set<string>();
  #concurrency: number;
  #paused = false;
  #stopped = false;

  constructor({ graph, concurrency, onFailure, durations }: ScheduleSettings) {
    this.graph = graph;
    this.#onFailure = onFailure;
    this.#concurrency = atLeastOne(concurrency);
    const weights = durations.size > 0 ? durations : new Map(graph.ids.map((id) => [id, 1]));
    this.#ready = new ReadyQueue(bottomLevels(graph, weights), new Map(graph.ids.map((id, rank) => [id, rank])));
    for (const id of graph.ids) {
      const open = dependenciesOf(graph, id).length;
      this.#open.set(id, open);
      this.#set(id, 'waiting');
      if (open === 0) this.#makeReady(id);
    }
  }

  /** A schedule as it was. Nodes that were running go on where `runOn` says so; the others are started again. */
  static restore(settings: ScheduleSettings, { concurrency, paused, stopped, started }: ScheduleSnapshot, runOn = false): Schedule {
    const schedule = new Schedule({ ...settings, concurrency });
    for (const [id, state] of Object.entries(started)) {
      if (!schedule.#states.has(id) || (state === 'running' && !runOn)) continue;
      schedule.#set(id, state);
      if (state === 'running') schedule.#running.add(id);
      if (state === 'done' || state === 'cached') schedule.#release(id);
    }
    schedule.#ready.keep((id) => schedule.#states.get(id) === 'ready');
    for (const [id, state] of schedule.#states) if (state === 'failed') schedule.#block(id);
    schedule.#paused = paused;
    schedule.#stopped = stopped;
    return schedule;
  }

  snapshot(): ScheduleSnapshot {
    const started: Record<string, Outcome | 'running'> = {};
    for (const [id, state] of this.#states) if (state !== 'waiting' && state !== 'ready' && state !== 'blocked') started[id] = state;
    return { concurrency: this.#concurrency, paused: this.#paused, stopped: this.#stopped, started };
  }

  /** The nodes to be started now, the most urgent first; from here on they count as running. */
  take(): string[] {
    const taken: string[] = [];
    while (!this.#paused && !this.#stopped && this.#running.size < this.#concurrency) {
      const id = this.#ready.pop();
      if (id === undefined) break;
      // Its end was recorded meanwhile.
      if (this.#states.get(id) !== 'ready') continue;
      this.#set(id, 'running');
      this.#running.add(id);
      taken.push(id);
    }
    return taken;
  }

  /**
   * Gives up the slot of a node that has all but ended, well: what it made is still being looked at. Not where that will make something
   * ready which is more urgent than all that is ready now, for then the slot is for that. Gives whether a slot became free.
   */
  freeSlot(id: string): boolean {
    const { first } = this.#ready;
    if (first === undefined) return false;
    const next = dependentsOf(this.graph, id).filter((other) => this.#open.get(other) === 1);
    if (next.some((other) => this.#ready.isMoreUrgent(other, first)) || !this.#running.delete(id)) return false;
    this.#settling.add(id);
    return true;
  }

  /** Records the end of a node that somebody else started; of one that was taken here, its own end is awaited. */
  record(id: string, outcome: Outcome): void {
    const state = this.#states.get(id);
    if (state !== 'waiting' && state !== 'ready') return;
    this.#set(id, 'running');
    this.#running.add(id);
    this.finish(id, outcome);
  }

  /** Records an end. Gives the nodes that it blocks, and those that are to be stopped because of it. */
  finish(id: string, outcome: Outcome): { readonly blocked: readonly string[]; readonly toStop: readonly string[] } {
    if (!this.#running.delete(id) && !this.#settling.delete(id)) return { blocked: [], toStop: [] };
    this.#set(id, outcome);
    if (outcome === 'done' || outcome === 'cached') this.#release(id);
    if (outcome !== 'failed') return { blocked: [], toStop: [] };
    const blocked = this.#block(id);
    if (this.#onFailure === 'continue') return { blocked, toStop: [] };
    this.#stopped = true;
    return { blocked, toStop: this.#onFailure === 'stop' ? [...this.#running] : [] };
  }

  /** Starts nothing more. Gives what runs, which its caller stops and then tells `finish`. */
  cancel(): readonly string[] {
    this.#stopped = true;
    return [...this.#running];
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  /** Fewer than run now stops none of them: their slots are not filled again. */
  setConcurrency(concurrency: number): void {
    this.#concurrency = atLeastOne(concurrency);
  }

  /** Makes what failed, and what was stopped or never started because of it, open again. Gives the nodes that failed. */
  retryFailed(): readonly string[] {
    const failed = this.graph.ids.filter((id) => this.#states.get(id) === 'failed');
    this.#stopped = false;
    for (const [id, state] of this.#states) {
      if (state !== 'failed' && state !== 'cancelled' && state !== 'blocked') continue;
      this.#set(id, 'waiting');
      if (this.#open.get(id) === 0) this.#makeReady(id);
    }
    return failed;
  }

  state(id: string): NodeState | undefined {
    return this.#states.get(id);
  }

  get states(): ReadonlyMap<string, NodeState> {
    return this.#states;
  }

  /** How many nodes are in each state. */
  get counts(): Readonly<Record<NodeState, number>> {
    return { ...this.#counts };
  }

  get running(): ReadonlySet<string> {
    return this.#running;
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Nothing runs, and nothing will be started: all has ended, or a failure or a cancellation ended the build. */
  get isOver(): boolean {
    return this.#running.size === 0 && this.#settling.size === 0 && (this.#stopped || this.#counts.ready === 0);
  }

  /** Nodes that the end of the build left without a start, though nothing that failed blocks them. */
  get leftOver(): readonly string[] {
    return this.graph.ids.filter((id) => ['waiting', 'ready'].includes(this.#states.get(id) ?? ''));
  }

  #set(id: string, state: NodeState): void {
    const before = this.#states.get(id);
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[state] += 1;
    this.#states.set(id, state);
  }

  #makeReady(id: string): void {
    this.#set(id, 'ready');
    this.#ready.push(id);
  }

  #release(id: string): void {
    for (const dependent of dependentsOf(this.graph, id)) {
      const open = (this.#open.get(dependent) ?? 0) - 1;
      this.#open.set(dependent, open);
      if (open === 0 && this.#states.get(dependent) === 'waiting') this.#makeReady(dependent);
    }
  }

  #block(id: string): string[] {
    const blocked = [...reachable(this.graph, id, 'dependents')].filter((other) => this.#states.get(other) === 'waiting');
    for (const other of blocked) this.#set(other, 'blocked');
    return blocked;
  }
}

function atLeastOne(concurrency: number): number {
  return Math.max(1, Math.floor(concurrency) || 1);
}
