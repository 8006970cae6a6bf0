import {
  allResults,
  type BuildEvent,
  BuildJournal,
  type BuildLogs,
  type HostedEnd,
  idAt,
  LeadingBuild,
  type OpenBuildRecord,
  ProgressTracker,
  planKey,
  recordedEnds,
  resultOf,
  since,
  TaskHost,
  type TaskResult,
} from '@selfheal/build';
import type { BuildInput } from '@selfheal/temporal';
import type { BuildContext, DrivenBuild } from './drive.ts';
import { workspaceId } from './open-build-engine.ts';

/** Of a run's history; the server ends one at 51,200, and a task takes about six. */
const MOST_EVENTS = 20_000;

/** One build whose ends are written down: a new one, or one that was cut off. */
export class DurableBuild {
  readonly id: string;
  readonly workflowId: string;
  readonly startedAt: number;
  readonly leading: LeadingBuild;
  readonly journal: BuildJournal;
  readonly #context: BuildContext;
  readonly #logs: BuildLogs;

  constructor(context: BuildContext, cutOff: OpenBuildRecord | undefined) {
    this.#context = context;
    const { plan, place, runner, concurrency, onFailure, lines, signal, known } = context;
    const now = new Date();
    this.id = cutOff?.buildId ?? context.buildId ?? idAt(now);
    this.workflowId = cutOff?.workflowId ?? `build/${workspaceId(place)}/${this.id}`;
    this.startedAt = cutOff?.startedAt ?? now.getTime();
    context.onBegin(this.id, new Date(this.startedAt));
    this.journal = new BuildJournal(place.folder, this.id);
    this.#logs = context.logsOf(this.id);
    const durations = runner.index.durations();
    const ended = cutOff === undefined ? endsOf(known) : recordedEnds(this.journal);
    const tracker = new ProgressTracker(plan.graph, durations, concurrency, ended.keys());
    const onEvent = (event: BuildEvent): void => {
      if (event.kind === 'ended') this.#logs.add(event.result.id, event.log);
      const blocked = tracker.take(event);
      context.onEvent(event, () => tracker.progress());
      for (const result of blocked) context.onEvent({ kind: 'ended', result, log: '' }, () => tracker.progress());
    };
    const host = new TaskHost({ plan, runner, journal: this.journal, startedAt: this.startedAt, onEvent, lines, signal });
    this.leading = new LeadingBuild({ plan, host, concurrency, onFailure, durations, ended });
  }

  record(address: string, namespace: string): OpenBuildRecord {
    const { id: buildId, workflowId, startedAt } = this;
    return { buildId, workflowId, planKey: planKey(this.#context.plan), startedAt, address, namespace, pid: process.pid };
  }

  /** What a workflow needs to take over: what has ended is told, what runs is asked for anew and answered by the run under way. */
  input(): BuildInput {
    const { plan, concurrency, onFailure, runner } = this.#context;
    const ends = this.leading.handOver();
    const started = Object.fromEntries([...ends].map(([id, { outcome }]) => [id, outcome]));
    const results = Object.fromEntries([...ends].flatMap(([id, { result }]) => (result === undefined ? [] : [[id, result]])));
    return {
      buildId: this.id,
      tasks: [...plan.tasks.values()].map(({ id, dependsOn, timeoutMs }) => ({ id, dependsOn, timeoutMs })),
      concurrency,
      onFailure,
      durations: Object.fromEntries([...runner.index.durations()].filter(([id]) => plan.tasks.has(id))),
      soFar: { schedule: { concurrency, paused: false, stopped: false, started }, results },
      mostEvents: MOST_EVENTS,
    };
  }

  /** What was recorded before this build began, by one that it goes on with, counts as known. */
  async outcome(): Promise<DrivenBuild> {
    const { plan, known } = this.#context;
    const ended = new Map([...known].map(([id, end]): [string, TaskResult] => [id, resultOf(id, end)]));
    for (const [id, { task }] of this.journal.entries)
      if ((task.endedMs ?? 0) >= this.startedAt) ended.set(id, since(task, this.startedAt));
    const results = allResults(plan.graph, ended, (id) => this.leading.stateOf(id));
    await this.#logs.takeUp(results);
    return { buildId: this.id, startedAt: new Date(this.startedAt), results, logs: this.#logs };
  }
}

function endsOf(known: BuildContext['known']): ReadonlyMap<string, HostedEnd> {
  return new Map([...known].map(([id, { outcome, result }]) => [id, { outcome, ...(result === undefined ? {} : { result }) }]));
}
