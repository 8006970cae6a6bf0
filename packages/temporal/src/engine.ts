import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { BeatHost } from './activities/beat-activities.ts';
import { type ClusterSettings, connectClient } from './client/connect.ts';
import { createEngineClient, type EngineClient } from './client/engine-client.ts';
import { connectNative, reachCluster } from './client/reach-cluster.ts';
import { unwatch, type Watch, watch } from './client/schedules.ts';
import type { EmbeddedServer } from './embedded/embedded-server.ts';
import type { Tracing } from './tracing/tracing.ts';
import { type WorkflowBundle, workflowBundle } from './worker/bundle.ts';
import { installLogs } from './worker/logs.ts';
import { type RunningWorkers, startWorkers } from './worker/start-worker.ts';
import { makeCurrent } from './worker/versioning.ts';

export interface EngineSettings {
  readonly dataDir: string;
  readonly host: BeatHost;
  /** A cluster; without it the embedded server is started from `binary`. */
  readonly cluster?: ClusterSettings;
  /** Path of the `temporal` program; asked for only when the embedded server is needed. */
  readonly binary: () => Promise<string>;
  readonly concurrency: number;
  /** Workflow code to run instead of this package's own, as an upgrade brings it. */
  readonly bundle?: WorkflowBundle;
  readonly ui?: boolean;
  /** One line for people, from a sequence under way. */
  readonly onNotice?: (line: string) => void;
  /** Spans of every heal; see startTracing. */
  readonly tracing?: Tracing;
}

export interface Engine extends EngineClient {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  /** Process of the embedded server. */
  readonly serverPid: number | undefined;
  watch(request: Watch): Promise<void>;
  unwatch(projectId: string): Promise<void>;
  /** Settles with the error when the server or a worker ended by itself. */
  readonly failed: Promise<unknown>;
  /** Drains the workers, then ends what was started here. Runs under way stay in the database. */
  stop(): Promise<void>;
}

/** Starts server (where embedded), workers and client; what was started is ended again when a later step fails. */
export async function startEngine(settings: EngineSettings): Promise<Engine> {
  await using started = new AsyncDisposableStack();
  const bundle = settings.bundle ?? workflowBundle(join(settings.dataDir, 'cache'));
  const { cluster, server } = await reachCluster(settings);
  if (server !== undefined) started.defer(() => server.stop());
  const { client, connection } = await connectClient(cluster, settings.tracing?.plugin);
  started.defer(() => connection.close());
  // Only now: Temporal's native runtime keeps the process alive until its last connection is closed, so there has to be one.
  installLogs(settings.onNotice);
  const native = await connectNative(cluster);
  started.defer(() => native.close());
  const workers = await startWorkers({
    connection: native,
    namespace: cluster.namespace,
    bundle: await bundle,
    host: settings.host,
    concurrency: settings.concurrency,
    ...(settings.tracing === undefined ? {} : { plugin: settings.tracing.plugin }),
  });
  started.defer(() => workers.stop());
  await makeCurrent(connection, cluster.namespace, (await bundle).buildId);
  return running({ client, cluster, server, workers, started: started.move() });
}

function running(parts: {
  client: Client;
  cluster: ClusterSettings;
  server: EmbeddedServer | undefined;
  workers: RunningWorkers;
  started: AsyncDisposableStack;
}): Engine {
  const { client, cluster, server, workers } = parts;
  const serverGone = server?.exited.then(() => new Error('the embedded Temporal server ended')) ?? new Promise<never>(() => undefined);
  return {
    ...createEngineClient(client),
    address: cluster.address,
    namespace: cluster.namespace,
    uiUrl: server === undefined ? undefined : `${server.uiUrl}/namespaces/${cluster.namespace}/workflows`,
    serverPid: server?.pid,
    watch: (request) => watch(client, request),
    unwatch: (projectId) => unwatch(client, projectId),
    failed: Promise.race([workers.failed, serverGone]),
    stop: () => parts.started.disposeAsync(),
  };
}
