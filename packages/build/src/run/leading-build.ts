import { type FailurePolicy, type NodeState, Schedule, type ScheduleSnapshot } from '@selfheal/build-graph';
import type { TaskPlan } from '../task/plan-tasks.ts';
import type { HostedEnd, TaskHost } from './task-host.ts';

export interface LeadingBuildSettings {
  readonly plan: TaskPlan;
  readonly host: Pick<TaskHost, 'run'>;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly durations: ReadonlyMap<string, number>;
  /** Tasks that have ended already. */
  readonly ended: ReadonlyMap<string, HostedEnd>;
}

/** What a person may ask of a build that runs. */
export type Steering =
  | { readonly kind: 'cancel' | 'pause' | 'resume' | 'retry-failed' }
  | { readonly kind: 'concurrency'; readonly concurrency: number };

/** With one answer: an end takes about 100 bytes, and what is in a history is small. */
const MOST_TOLD = 500;

/** An end, and those of tasks that ended before anybody asked for them. */
export interface AnsweredEnd extends HostedEnd {
  readonly others?: Readonly<Record<string, HostedEnd>>;
}

/**
 * Starts the tasks of a durable build where they run, by the same rules as the workflow that records it, and ahead of it: a step of a
 * workflow takes longer than many a command. The workflow asks for the same tasks a little later and is given the runs that are under way,
 * or the ends that are written down; one that it asks for early waits for its turn here. Where it falls behind it is told with an answer
 * of all else that has ended, so that a workflow as slow as may be ends soon after the build. What a person changes comes here first.
 */
export class LeadingBuild {
  readonly #settings: LeadingBuildSettings;
  readonly #schedule: Schedule;
  readonly #ends: Map<string, HostedEnd>;
  readonly #asked = new Map<string, PromiseWithResolvers<HostedEnd>>();
  /** Ids that the workflow knows the end of, or waits for. */
  readonly #everAsked = new Set<string>();
  readonly #told = new Set<string>();
  readonly #stops = new Map<string, AbortController>();
  readonly #over = Promise.withResolvers<void>();

  constructor(settings: LeadingBuildSettings) {
    const { plan, concurrency, onFailure, durations, ended } = settings;
    this.#settings = settings;
    this.#ends = new Map(ended);
    const started = Object.fromEntries([...ended].map(([id, { outcome }]) => [id, outcome]));
    const snapshot: ScheduleSnapshot = { concurrency, paused: false, stopped: false, started };
    this.#schedule = Schedule.restore({ graph: plan.graph, concurrency, onFailure, durations }, snapshot);
  }

  /** Settles when nothing runs and nothing will, unless a person opens again what failed. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  start(): void {
    for (const id of this.#schedule.take()) void this.#run(id);
    if (!this.#schedule.isOver) return;
    this.#over.resolve();
    // What failed or was cancelled keeps these from ever having their turn.
    for (const id of [...this.#asked.keys()]) this.#answer(id, { outcome: 'cancelled' });
  }

  /** The end of a task, for the workflow. One that it asks for again lost an answer, and is told everything once more. */
  async ask(id: string): Promise<AnsweredEnd> {
    const isAgain = this.#everAsked.has(id);
    this.#everAsked.add(id);
    const end = await this.#endOf(id);
    const others = [...this.#ends].filter(([other]) => !this.#everAsked.has(other) && (isAgain || !this.#told.has(other)));
    others.splice(MOST_TOLD);
    for (const [other] of others) this.#told.add(other);
    return others.length === 0 ? end : { ...end, others: Object.fromEntries(others) };
  }

  #endOf(id: string): Promise<HostedEnd> {
    const end = this.#ends.get(id);
    if (end !== undefined) return Promise.resolve(end);
    if (this.#schedule.isOver) return Promise.resolve({ outcome: 'cancelled' });
    const answer = this.#asked.get(id) ?? Promise.withResolvers<HostedEnd>();
    this.#asked.set(id, answer);
    return answer.promise;
  }

  /** Ends of tasks so far, for a workflow that is about to begin: it is not told of them again. */
  handOver(): ReadonlyMap<string, HostedEnd> {
    for (const id of this.#ends.keys()) this.#told.add(id);
    return this.#ends;
  }

  stateOf(id: string): NodeState | undefined {
    return this.#schedule.state(id);
  }

  steer(steering: Steering): void {
    if (steering.kind === 'concurrency') this.#schedule.setConcurrency(steering.concurrency);
    else if (steering.kind === 'pause') this.#schedule.pause();
    else if (steering.kind === 'resume') this.#schedule.resume();
    else if (steering.kind === 'cancel') for (const id of this.#schedule.cancel()) this.#stops.get(id)?.abort();
    else this.#reopen();
    this.start();
  }

  #reopen(): void {
    this.#schedule.retryFailed();
    for (const [id, { outcome }] of this.#ends) if (outcome === 'failed' || outcome === 'cancelled') this.#ends.delete(id);
  }

  async #run(id: string): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const end = await this.#settings.host.run(id, this.#upstreamOf(id), stop.signal);
    this.#stops.delete(id);
    this.#ends.set(id, end);
    for (const other of this.#schedule.finish(id, end.outcome).toStop) this.#stops.get(other)?.abort();
    this.#answer(id, end);
    this.start();
  }

  /** Null where one of them follows from more than is known. */
  #upstreamOf(id: string): Readonly<Record<string, string>> | null {
    const needed = this.#settings.plan.graph.dependencies.get(id) ?? [];
    const known = needed.flatMap((other): [string, string][] => {
      const result = this.#ends.get(other)?.result;
      return result === undefined ? [] : [[other, result]];
    });
    return known.length === needed.length ? Object.fromEntries(known) : null;
  }

  #answer(id: string, end: HostedEnd): void {
    this.#asked.get(id)?.resolve(end);
    this.#asked.delete(id);
  }
}
