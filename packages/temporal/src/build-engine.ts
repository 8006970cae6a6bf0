import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { type BuildTask, buildActivities } from './activities/build-activity.ts';
import { type RemediationHost, remediationActivities } from './activities/remediation-activities.ts';
import { type BuildClient, createBuildClient } from './client/build-client.ts';
import { connectNative, reachCluster, type ServerSettings } from './client/reach-cluster.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded/embedded-server.ts';
import { endAbandonedServer } from './embedded/end-abandoned-server.ts';
import type { BuildInput, BuildSteering } from './messages/build-messages.ts';
import { EMBEDDED_NAMESPACE } from './messages/names.ts';
import type { CoordinatorInput, CoordinatorResult } from './messages/remediation.ts';
import { type WorkflowBundle, workflowBundle } from './worker/bundle.ts';
import { installLogs } from './worker/logs.ts';
import { NO_TRACING } from './worker/no-tracing.ts';

export interface BuildEngineSettings extends ServerSettings {
  /** Where the workflow code is kept, made ready. */
  readonly cacheDir: string;
  /** Of the workspace alone: its tasks can only be run where its files are. */
  readonly taskQueue: string;
  readonly buildTask: BuildTask;
  /** Told of what a person changes, before the workflow goes by it. */
  readonly steer: (change: BuildSteering) => void;
  /** What coordinators ask where a task that failed is to be mended. */
  readonly remediation?: Partial<RemediationHost>;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  /** Told when the embedded server ended and is started again. */
  readonly onNotice: (line: string) => void;
}

export interface BuildEngine extends Omit<BuildClient, 'start' | 'coordinate'> {
  /** Lets a coordinator decide about a failed task. Asked twice for one attempt, it gives the decision that is recorded. */
  coordinate(attemptId: string, input: CoordinatorInput): Promise<CoordinatorResult>;
  /** Starts a build on this worker's queue, for its workflow code. */
  start(workflowId: string, input: BuildInput): Promise<void>;
  readonly address: string;
  readonly namespace: string;
  /** The workflow code that this worker runs. */
  readonly bundle: string;
  /** Settles with the error when the worker ended by itself. */
  readonly failed: Promise<unknown>;
  stop(): Promise<void>;
}

/** More than any build runs at once: how many do is the workflow's business, and a free slot makes the server hand over at once. */
const SLOTS = 1_000;

/** Server (where embedded), worker and client of one workspace's builds. Rejects with the signal's reason where the start is given up. */
export async function startBuildEngine(settings: BuildEngineSettings): Promise<BuildEngine> {
  await using started = new AsyncDisposableStack();
  const { signal } = settings;
  signal.throwIfAborted();
  const bundle = workflowBundle(settings.cacheDir, signal);
  // Awaited further down; what fails before that says enough.
  bundle.catch(() => undefined);
  await endServerOfBefore(settings);
  const { cluster, server } = await reachCluster({ ...settings, ui: false });
  if (server !== undefined) started.defer(await keepServer(server, settings));
  signal.throwIfAborted();
  installLogs();
  const native = await connectNative(cluster);
  // Where the worker had to be forced it still holds the connection, which ends with the process.
  started.defer(() => native.close().catch(() => undefined));
  // One connection for both, so that the server can hand a workflow's first task back with the answer to its start.
  const client = new Client({ connection: native, namespace: cluster.namespace });
  const made = await bundle;
  signal.throwIfAborted();
  const worker = await createWorker(native, cluster.namespace, made, settings);
  const run = worker.run();
  started.defer(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await run.catch(() => undefined);
  });
  const ended = started.move();
  const builds = createBuildClient(client);
  const { buildId } = made;
  return {
    ...builds,
    coordinate: (attemptId, input) => builds.coordinate(settings.taskQueue, attemptId, input),
    start: (workflowId, input) => builds.start(settings.taskQueue, workflowId, input, buildId),
    address: cluster.address,
    namespace: cluster.namespace,
    bundle: buildId,
    failed: run.then(
      () => new Promise(() => undefined),
      (error: unknown) => error,
    ),
    stop: () => ended.disposeAsync(),
  };
}

function createWorker(connection: NativeConnection, namespace: string, { codePath }: WorkflowBundle, settings: BuildEngineSettings) {
  return Worker.create({
    connection,
    namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: { codePath },
    activities: { ...buildActivities(settings.buildTask, settings.steer), ...remediationActivities(settings.remediation) },
    sinks: NO_TRACING,
    maxConcurrentActivityTaskExecutions: SLOTS,
    // Cancellations come with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    shutdownGraceTime: '5s',
    // After a restart of the server a worker may wait without end for an answer that died with the old one.
    shutdownForceTime: '8s',
  });
}

const pidFile = ({ dataDir }: ServerSettings) => join(dataDir, 'server.pid');

/** A build that was killed left its server running; two on one database would spoil it. */
async function endServerOfBefore(settings: BuildEngineSettings): Promise<void> {
  const pid = Number(await readFile(pidFile(settings), 'utf8').catch(() => ''));
  if (pid > 0) await endAbandonedServer(pid, settings.dataDir);
}

/** Starts the embedded server again where it ends: worker and client find it at the same port. Gives what stops it. */
async function keepServer(first: EmbeddedServer, settings: BuildEngineSettings): Promise<() => Promise<void>> {
  let server = first;
  let stopping = false;
  const again = async (): Promise<void> => {
    for (;;) {
      await writeFile(pidFile(settings), String(server.pid));
      await server.exited;
      if (stopping) return;
      settings.onNotice('the Temporal server ended; starting it again');
      const { dataDir } = settings;
      const port = Number(first.address.split(':').at(-1));
      server = await startEmbeddedServer({ binary: await settings.binary(), dataDir, namespace: EMBEDDED_NAMESPACE, ui: false, port });
      // Whoever stopped meanwhile killed the one before.
      if (stopping) await server.kill();
    }
  };
  await writeFile(pidFile(settings), String(first.pid));
  const kept = again().catch((error: unknown) =>
    settings.onNotice(`the Temporal server cannot be started again: ${error instanceof Error ? error.message : String(error)}`),
  );
  return async () => {
    stopping = true;
    // In order it takes more than a second, and a build that is over has nothing to lose.
    await server.kill();
    await kept;
  };
}
