import { setFlagsFromString } from 'node:v8';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { type BeatHost, createBeatActivities } from '../activities/beat-activities.ts';
import { SHIP_QUEUE, TASK_QUEUE } from '../messages/names.ts';
import type { WorkflowBundle } from './bundle.ts';
import { NO_TRACING } from './no-tracing.ts';
import { DEPLOYMENT_NAME } from './versioning.ts';

export interface RunningWorkers {
  /** Drains and stops both workers. */
  stop(): Promise<void>;
  /** Settles when a worker ended by itself with an error. */
  readonly failed: Promise<unknown>;
}

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly bundle: WorkflowBundle;
  readonly host: BeatHost;
  /** Beats at once; heavy ones share the machine's cores. */
  readonly concurrency: number;
  readonly plugin?: NonNullable<WorkerOptions['plugins']>[number];
}

/** One worker for sequences and beats, one for the beats that must not overlap (see SHIP_QUEUE). */
export async function startWorkers(settings: WorkerSettings): Promise<RunningWorkers> {
  const activities = createBeatActivities(settings.host);
  const shared: Pick<WorkerOptions, 'connection' | 'namespace' | 'activities' | 'shutdownGraceTime' | 'plugins' | 'sinks'> = {
    connection: settings.connection,
    namespace: settings.namespace,
    activities,
    shutdownGraceTime: '5s',
    ...(settings.plugin === undefined ? { sinks: NO_TRACING } : { plugins: [settings.plugin] }),
  };
  const main = await withSmallNursery(() =>
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUE,
      workflowBundle: { codePath: settings.bundle.codePath },
      maxConcurrentActivityTaskExecutions: settings.concurrency,
      maxConcurrentLocalActivityExecutions: 20,
      maxCachedWorkflows: 200,
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: { deploymentName: DEPLOYMENT_NAME, buildId: settings.bundle.buildId },
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    }),
  );
  const ship = await Worker.create({ ...shared, taskQueue: SHIP_QUEUE, maxConcurrentActivityTaskExecutions: 1 });
  const runs = [main.run(), ship.run()];
  return {
    failed: Promise.race(
      runs.map((run) =>
        run.then(
          () => new Promise(() => undefined),
          (error: unknown) => error,
        ),
      ),
    ),
    stop: async () => {
      for (const worker of [main, ship]) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
    },
  };
}

/**
 * Workflow code leaves little garbage, while V8 lets the young generation of its isolate grow to tens of MB: for an engine at rest that is
 * most of what the isolate holds. Isolates made meanwhile by others get the small one too, which costs them collections, no more.
 */
async function withSmallNursery<T>(create: () => Promise<T>): Promise<T> {
  setFlagsFromString('--max-semi-space-size=2');
  try {
    return await create();
  } finally {
    setFlagsFromString('--max-semi-space-size=0');
  }
}
