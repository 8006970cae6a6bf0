import { createGraph, Schedule, type ScheduleSettings } from '@selfheal/build-graph';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  BuildActivities,
  BuildControl,
  BuildInput,
  BuildProgressSoFar,
  BuildState,
  BuildTaskCall,
  BuildTaskEnd,
} from '../messages/build-messages.ts';
import { buildState, controlBuild } from './definitions.ts';

/** A worker tells every second that it lives; one that is silent for so long is dead, and its tasks are another's. */
const HEARTBEAT_TIMEOUT = '10s';
/** What a task may take beyond its own time limit, which the worker keeps: ending its processes, copying its outputs. */
const SPARE_MS = 300_000;
/** Bytes of history; the server ends a run at 50 MB. */
const MOST_BYTES = 20_000_000;

/**
 * One build: each task is one activity, as many at once as asked for, never fewer while one is ready. What runs next is the pure
 * `Schedule`'s business; this binds it to activities, updates and continue-as-new.
 */
export async function build(input: BuildInput): Promise<BuildState> {
  const run = new BuildRun(input);
  setHandler(buildState, () => run.state());
  setHandler(controlBuild, (control) => CancellationScope.nonCancellable(() => run.control(control)), { validator: refuseBadControl });
  CancellationScope.current().cancelRequested.catch(() => run.take({ kind: 'cancel' }));
  await CancellationScope.nonCancellable(async () => {
    run.start();
    await condition(() => run.isAtRest && allHandlersFinished());
  });
  if (run.isOver) return run.state();
  return continueAsNew<typeof build>({ ...input, soFar: run.soFar() });
}

const { steerBuild } = proxyActivities<BuildActivities>({ startToCloseTimeout: '10s', retry: { initialInterval: '100ms' } });

class BuildRun {
  readonly #input: BuildInput;
  readonly #schedule: Schedule;
  readonly #results: Map<string, string>;
  readonly #timeouts: ReadonlyMap<string, number>;
  readonly #scopes = new Map<string, CancellationScope>();

  constructor(input: BuildInput) {
    this.#input = input;
    const settings = settingsOf(input);
    this.#schedule = input.soFar === undefined ? new Schedule(settings) : Schedule.restore(settings, input.soFar.schedule);
    this.#results = new Map(Object.entries(input.soFar?.results ?? {}));
    this.#timeouts = new Map(input.tasks.map(({ id, timeoutMs }) => [id, timeoutMs]));
  }

  get isOver(): boolean {
    return this.#schedule.isOver;
  }

  /** Over, or ready to go on in a new run: activities cannot move to one, so what runs is let finish first. */
  get isAtRest(): boolean {
    return this.isOver || (this.#isFull && this.#schedule.running.size === 0);
  }

  get #isFull(): boolean {
    const { historyLength, historySize } = workflowInfo();
    return historyLength > this.#input.mostEvents || historySize > MOST_BYTES;
  }

  start(): void {
    if (this.#isFull) return;
    for (const id of this.#schedule.take()) void this.#run(id);
  }

  state(): BuildState {
    const { concurrency, isPaused, states } = this.#schedule;
    return { buildId: this.#input.buildId, concurrency, paused: isPaused, states: Object.fromEntries(states) };
  }

  soFar(): BuildProgressSoFar {
    return { schedule: this.#schedule.snapshot(), results: Object.fromEntries(this.#results) };
  }

  /** Where the tasks run they are started ahead of this workflow, so a change has to reach that place first. */
  async control(control: BuildControl): Promise<BuildState> {
    await steerBuild({ buildId: this.#input.buildId, control });
    return this.take(control);
  }

  take(control: BuildControl): BuildState {
    if (control.kind === 'concurrency') this.#schedule.setConcurrency(control.concurrency);
    else if (control.kind === 'cancel') this.#stop(this.#schedule.cancel());
    else if (control.kind === 'pause') this.#schedule.pause();
    else if (control.kind === 'resume') this.#schedule.resume();
    else this.#schedule.retryFailed();
    this.start();
    return this.state();
  }

  async #run(id: string): Promise<void> {
    const { outcome, result, others = {} } = await this.#perform(id);
    this.#keep(id, result);
    for (const [other, end] of Object.entries(others)) {
      // What runs here as well has an answer of its own to come.
      if (this.#schedule.running.has(other)) continue;
      this.#keep(other, end.result);
      this.#schedule.record(other, end.outcome);
    }
    this.#stop(this.#schedule.finish(id, outcome).toStop);
    this.start();
  }

  #keep(id: string, result: string | undefined): void {
    if (result === undefined) this.#results.delete(id);
    else this.#results.set(id, result);
  }

  /** An activity that fails itself, which a failing command is no case of, is a failed task: one package never ends the build. */
  async #perform(id: string): Promise<BuildTaskEnd> {
    const scope = new CancellationScope();
    this.#scopes.set(id, scope);
    try {
      return await scope.run(() => activityFor(this.#timeouts.get(id) ?? 0).buildTask(this.#callOf(id)));
    } catch (error) {
      return { outcome: isCancellation(error) ? 'cancelled' : 'failed' };
    } finally {
      this.#scopes.delete(id);
    }
  }

  #callOf(id: string): BuildTaskCall {
    const needed = this.#schedule.graph.dependencies.get(id) ?? [];
    const results = needed.map((other): [string, string | undefined] => [other, this.#results.get(other)]);
    const known = results.flatMap(([other, result]) => (result === undefined ? [] : [[other, result]]));
    return { buildId: this.#input.buildId, id, upstream: known.length === needed.length ? Object.fromEntries(known) : null };
  }

  #stop(ids: readonly string[]): void {
    for (const id of ids) this.#scopes.get(id)?.cancel();
  }
}

function settingsOf({ tasks, concurrency, onFailure, durations }: BuildInput): ScheduleSettings {
  const made = createGraph(tasks);
  if ('faults' in made) throw new TypeError(`the client checks the graph: ${JSON.stringify(made.faults)}`);
  return { graph: made.graph, concurrency, onFailure, durations: new Map(Object.entries(durations)) };
}

/** A worker that dies is no failure of the task, so it is tried again without end; the build's own time limits hold. */
function activityFor(timeoutMs: number) {
  return proxyActivities<BuildActivities>({
    startToCloseTimeout: timeoutMs + SPARE_MS,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '100ms', maximumInterval: '5s' },
  });
}

function refuseBadControl(control: BuildControl): void {
  if (control.kind === 'concurrency' && !(Number.isInteger(control.concurrency) && control.concurrency >= 1))
    throw new TypeError('concurrency is a whole number from 1');
}
