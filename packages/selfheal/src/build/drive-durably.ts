import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  allResults,
  type BuildEvent,
  BuildJournal,
  idAt,
  OpenBuildFile,
  type OpenBuildRecord,
  ProgressTracker,
  planKey,
  resultOf,
  since,
  TaskHost,
  type TaskResult,
} from '@selfheal/build';
import {
  type BuildEngine,
  type BuildInput,
  type BuildState,
  type BuildTask,
  clusterFromEnvironment,
  resolveTemporalBinary,
  startBuildEngine,
} from '@selfheal/temporal';
import type { BuildContext, DrivenBuild } from './drive.ts';

/** Of a run's history; the server ends one at 51,200, and a task takes about six. */
const MOST_EVENTS = 20_000;

/**
 * Lets a workflow schedule the build: what ended is recorded, so that after a crash of this process or of the server the next build of the
 * same plan goes on where it was. Commands run here, where the workspace is.
 */
export async function driveDurably(context: BuildContext): Promise<DrivenBuild> {
  const { place, plan } = context;
  const workspace = createHash('sha256').update(place.root).digest('hex').slice(0, 12);
  const file = new OpenBuildFile(place.folder);
  const before = await file.read();
  let host: TaskHost | undefined;
  const hosted = Promise.withResolvers<TaskHost>();
  const engine = await openEngine(context, workspace, async (call, signal) =>
    (host ?? (await hosted.promise)).run(call.id, call.upstream, signal),
  );
  try {
    const goesOn = before !== undefined && (await canGoOn(context, engine, before));
    const open: OpenBuildRecord = goesOn
      ? { ...before, address: engine.address, namespace: engine.namespace, pid: process.pid }
      : newBuild(context, engine, workspace);
    const journal = new BuildJournal(place.folder, open.buildId);
    const logs = context.logsOf(open.buildId);
    const durations = context.runner.index.durations();
    const ended = goesOn ? journal.entries.keys() : context.known.keys();
    const tracker = new ProgressTracker(plan.graph, durations, context.concurrency, ended);
    const onEvent = (event: BuildEvent): void => {
      if (event.kind === 'ended') logs.add(event.result.id, event.log);
      const blocked = tracker.take(event);
      context.onEvent(event, () => tracker.progress());
      for (const result of blocked) context.onEvent({ kind: 'ended', result, log: '' }, () => tracker.progress());
    };
    const { runner, lines, signal } = context;
    host = new TaskHost({ plan, runner, journal, startedAt: open.startedAt, onEvent, lines, signal });
    hosted.resolve(host);
    await file.write(open);
    if (goesOn) context.onNotice(`goes on with ${open.buildId}, which was cut off: ${journal.entries.size} tasks have ended`);
    else await engine.start(open.workflowId, inputOf(context, open.buildId));
    const state = await untilOver(engine, open.workflowId, signal);
    await file.remove();
    const results = resultsOf(context, journal, open.startedAt, state);
    await logs.takeUp(results);
    return { buildId: open.buildId, startedAt: new Date(open.startedAt), results, logs };
  } finally {
    await engine.stop();
  }
}

async function openEngine({ place, env, onNotice }: BuildContext, workspace: string, buildTask: BuildTask): Promise<BuildEngine> {
  const cluster = await clusterFromEnvironment(env);
  return startBuildEngine({
    dataDir: join(place.folder, 'engine'),
    cacheDir: join(place.dataDir, 'cache'),
    taskQueue: `selfheal-build-${workspace}`,
    binary: async () => (await resolveTemporalBinary({ env, onStep: onNotice })).path,
    buildTask,
    onNotice,
    ...(cluster === undefined ? {} : { cluster }),
  });
}

/**
 * Whether the build that was cut off may go on: its workflow waits and is of this code, its plan is the same, and what it recorded is still
 * so. Otherwise it is ended: the cache holds what it made, so a new build makes nothing of that again.
 */
async function canGoOn({ place, plan, known }: BuildContext, engine: BuildEngine, before: OpenBuildRecord): Promise<boolean> {
  const open = await engine.openBuild(before.workflowId);
  if (open === undefined) return false;
  const { entries } = new BuildJournal(place.folder, before.buildId);
  const holds = [...entries].every(
    ([id, { task, result }]) => !['built', 'cached'].includes(task.state) || result === undefined || known.get(id)?.result === result,
  );
  if (holds && open.bundle === engine.bundle && before.planKey === planKey(plan)) return true;
  await engine.terminate(before.workflowId, 'the workspace, the plan or selfheal changed since');
  return false;
}

function newBuild({ plan, buildId }: BuildContext, { address, namespace }: BuildEngine, workspace: string): OpenBuildRecord {
  const now = new Date();
  const id = buildId ?? idAt(now);
  const workflowId = `build/${workspace}/${id}`;
  return { buildId: id, workflowId, planKey: planKey(plan), startedAt: now.getTime(), address, namespace, pid: process.pid };
}

function inputOf({ plan, known, concurrency, onFailure, runner }: BuildContext, buildId: string): BuildInput {
  const started = Object.fromEntries([...known.keys()].map((id) => [id, 'cached' as const]));
  const results = Object.fromEntries([...known].flatMap(([id, { result }]) => (result === undefined ? [] : [[id, result]])));
  return {
    buildId,
    tasks: [...plan.tasks.values()].map(({ id, dependsOn, timeoutMs }) => ({ id, dependsOn, timeoutMs })),
    concurrency,
    onFailure,
    durations: Object.fromEntries([...runner.index.durations()].filter(([id]) => plan.tasks.has(id))),
    soFar: { schedule: { concurrency, paused: false, stopped: false, started }, results },
    mostEvents: MOST_EVENTS,
  };
}

/** Cancels the build where the person does; what runs here ends at once by the same signal. */
async function untilOver(engine: BuildEngine, workflowId: string, signal: AbortSignal): Promise<BuildState> {
  const cancel = (): void => void engine.control(workflowId, { kind: 'cancel' }).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await Promise.race([engine.result(workflowId), engine.failed.then((error) => Promise.reject(error))]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** What was recorded before this build began, by one that it goes on with, counts as known. */
function resultsOf({ plan, known }: BuildContext, journal: BuildJournal, startedAt: number, state: BuildState): readonly TaskResult[] {
  const ended = new Map([...known].map(([id, end]): [string, TaskResult] => [id, resultOf(id, end)]));
  for (const [id, { task }] of journal.entries) if ((task.endedMs ?? 0) >= startedAt) ended.set(id, since(task, startedAt));
  return allResults(plan.graph, ended, (id) => state.states[id]);
}
