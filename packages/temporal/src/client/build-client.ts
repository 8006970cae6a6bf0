import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ServiceError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { BuildControl, BuildInput, BuildState } from '../messages/build-messages.ts';
import { CONTROL_UPDATE, STATE_QUERY, WORKFLOWS } from '../messages/names.ts';
import type { CoordinatorInput, CoordinatorResult } from '../messages/remediation.ts';

/** What commands ask of builds, wherever their worker runs. */
export interface BuildClient {
  /** Starts a build, unless one of this id is under way. `bundle` is the workflow code that it is for. */
  start(taskQueue: string, workflowId: string, input: BuildInput, bundle: string): Promise<void>;
  coordinate(taskQueue: string, attemptId: string, input: CoordinatorInput): Promise<CoordinatorResult>;
  /** The workflow code that a build under way was started for; undefined where none is. */
  openBuild(workflowId: string): Promise<{ readonly bundle: string } | undefined>;
  /** Waits for the end of a build, through all its runs. */
  result(workflowId: string): Promise<BuildState>;
  state(workflowId: string): Promise<BuildState>;
  control(workflowId: string, control: BuildControl): Promise<BuildState>;
  /** Ends a build without another word; nothing of what it recorded is lost. */
  terminate(workflowId: string, why: string): Promise<void>;
}

type Coordinator = (input: CoordinatorInput) => Promise<CoordinatorResult>;
/** A decision takes a search of a minute, or a model's answer. */
const COORDINATOR_MS = 600_000;

type BuildWorkflow = (input: BuildInput) => Promise<BuildState>;

export function createBuildClient({ workflow }: Client): BuildClient {
  return {
    start: async (taskQueue, workflowId, input, bundle) => {
      try {
        await workflow.start<BuildWorkflow>(WORKFLOWS.build, {
          workflowId,
          taskQueue,
          args: [input],
          memo: { bundle },
          staticSummary: `${input.tasks.length} tasks`,
          requestEagerStart: true,
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    coordinate: async (taskQueue, attemptId, input) => {
      try {
        return await workflow.execute<Coordinator>(WORKFLOWS.coordinator, {
          workflowId: attemptId,
          taskQueue,
          args: [input],
          workflowExecutionTimeout: COORDINATOR_MS,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: `${input.failure.beat}: ${input.failure.error.message}`.slice(0, 200),
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return workflow.getHandle<Coordinator>(attemptId).result();
      }
    },
    openBuild: async (workflowId) => {
      try {
        const { status, memo } = await workflow.getHandle(workflowId).describe();
        return status.name === 'RUNNING' ? { bundle: String(memo?.bundle) } : undefined;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    result: (workflowId) => outlastingServer(() => workflow.getHandle<BuildWorkflow>(workflowId).result()),
    state: (workflowId) => workflow.getHandle(workflowId).query<BuildState>(STATE_QUERY),
    control: (workflowId, control) =>
      workflow.getHandle(workflowId).executeUpdate<BuildState, [BuildControl]>(CONTROL_UPDATE, { args: [control] }),
    terminate: async (workflowId, why) => {
      await workflow.getHandle(workflowId).terminate(why);
    },
  };
}

/** How long nobody may answer, milliseconds: a server that ended is up again in seconds, on a busy machine. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 250;

/** Asks again where the server does not answer: the embedded one is started again when it ends. */
async function outlastingServer<T>(ask: () => Promise<T>): Promise<T> {
  let silentSince: number | undefined;
  for (;;) {
    const asked = Date.now();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // A question that was held open for a while had somebody who held it.
      if (silentSince === undefined || Date.now() - asked > PATIENCE_MS) silentSince = Date.now();
      if (Date.now() - silentSince > PATIENCE_MS) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
