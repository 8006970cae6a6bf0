import { type ErrorWhere, isErrorCode, SelfhealError } from '@selfheal/contracts';
import type { SequencePlan, SequenceResult } from '@selfheal/sequences/interpreter';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type {
  HealInput,
  HealResult,
  HealState,
  HousekeepingInput,
  HousekeepingResult,
  IngestInput,
  IngestResult,
  Routing,
  SequenceInput,
  SweepInput,
  SweepResult,
  Verdict,
} from '../messages/messages.ts';
import {
  DECIDE_UPDATE,
  housekeepingWorkflowId,
  ingestWorkflowId,
  SEARCH_ATTRIBUTES,
  STATE_QUERY,
  sweepWorkflowId,
  TASK_QUEUE,
  WORKFLOWS,
} from '../messages/names.ts';

import type { RemediateAgainResult } from '../messages/remediate-again.ts';
import type { PersonalDecision } from '../messages/remediation.ts';
import { type AgainRequest, decideRemediation, remediateAgain } from './remediation.ts';

/** What commands ask of a running engine, wherever it runs. */
export interface EngineClient {
  /** Reads what is new in the logs; waits while another run reads the same sources. */
  ingest(input: IngestInput): Promise<IngestResult>;
  /** Starts a sweep or joins the one under way, and waits for its result. */
  sweep(input: SweepInput): Promise<SweepResult>;
  /** Starts the housekeeping or joins the one under way, and waits for its result. */
  keepHouse(input: HousekeepingInput): Promise<HousekeepingResult>;
  /** Starts the heal of one incident, or joins the one under way. */
  startHeal(input: HealInput, workflowId: string): Promise<void>;
  healState(workflowId: string): Promise<HealState | undefined>;
  /** Waits for the end; on `signal` no longer, and rejects: what still waits when the connection is closed would end the process. */
  healResult(workflowId: string, signal?: AbortSignal): Promise<HealResult>;
  /** Ids of the heal workflows that are under way. */
  openHeals(projectId: string): Promise<string[]>;
  /** Fails with APPROVAL_INVALID where no patch of this hash waits. */
  decide(workflowId: string, verdict: Verdict): Promise<HealState>;
  runSequence(input: {
    projectId: string;
    plan: SequencePlan;
    children: Readonly<Record<string, SequencePlan>>;
    input: unknown;
    routing: Routing;
    workflowId: string;
  }): Promise<SequenceResult>;
  /** Remediates the failure of an attempt once more. Fails with RECORD_MISSING where the engine does not hold its history any more. */
  remediateAgain(request: AgainRequest, workflowId: string): Promise<RemediateAgainResult>;
  /** A person's answer to an escalation. Fails with APPROVAL_INVALID where none is awaited. */
  decideRemediation(attemptId: string, decision: PersonalDecision): Promise<void>;
  cancel(workflowId: string): Promise<void>;
}

export function createEngineClient(client: Client): EngineClient {
  return {
    ingest: (input) => ingest(client, input),
    sweep: async (input) => {
      const handle = await client.workflow.start<(input: SweepInput) => Promise<SweepResult>>(WORKFLOWS.sweep, {
        workflowId: sweepWorkflowId(input.projectId),
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      return plainly(handle.result());
    },
    keepHouse: async (input) => {
      const handle = await client.workflow.start<(input: HousekeepingInput) => Promise<HousekeepingResult>>(WORKFLOWS.housekeeping, {
        workflowId: housekeepingWorkflowId(input.projectId),
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      return plainly(handle.result());
    },
    startHeal: async (input, workflowId) => {
      await client.workflow.start<(input: HealInput) => Promise<HealResult>>(WORKFLOWS.healIncident, {
        workflowId,
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        ...healOptions(input),
      });
    },
    healState: (workflowId) => healState(client, workflowId),
    healResult: (workflowId, signal = new AbortController().signal) =>
      plainly(
        client.withAbortSignal(signal, () => client.workflow.getHandle<(input: HealInput) => Promise<HealResult>>(workflowId).result()),
      ),
    openHeals: (projectId) => openHeals(client, projectId),
    decide: (workflowId, verdict) => decide(client, workflowId, verdict),
    runSequence: (request) => {
      const argument: SequenceInput = {
        projectId: request.projectId,
        plan: request.plan,
        input: request.input,
        routing: request.routing,
        children: request.children,
      };
      return plainly(
        client.workflow.execute<(input: SequenceInput) => Promise<SequenceResult>>(request.plan.id, {
          workflowId: request.workflowId,
          taskQueue: TASK_QUEUE,
          args: [argument],
        }),
      );
    },
    remediateAgain: (request, workflowId) => plainly(remediateAgain(client, request, workflowId)),
    decideRemediation: (attemptId, decision) => decideRemediation(client, attemptId, decision),
    cancel: async (workflowId) => {
      await client.workflow.getHandle(workflowId).cancel();
    },
  };
}

function healOptions(input: HealInput) {
  const attribute = (name: string, value: string) => ({ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value });
  return {
    staticSummary: input.title.slice(0, 200),
    typedSearchAttributes: [
      attribute(SEARCH_ATTRIBUTES.project, input.projectId),
      attribute(SEARCH_ATTRIBUTES.incident, input.incidentId),
      attribute(SEARCH_ATTRIBUTES.stage, 'diagnose'),
    ],
  };
}

async function ingest(client: Client, input: IngestInput): Promise<IngestResult> {
  for (;;) {
    try {
      return await plainly(
        client.workflow.execute<(input: IngestInput) => Promise<IngestResult>>(WORKFLOWS.ingest, {
          workflowId: ingestWorkflowId(input.projectId),
          taskQueue: TASK_QUEUE,
          args: [input],
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await client.workflow.getHandle(ingestWorkflowId(input.projectId)).result();
    }
  }
}

async function healState(client: Client, workflowId: string): Promise<HealState | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).query<HealState>(STATE_QUERY);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function openHeals(client: Client, projectId: string): Promise<string[]> {
  const query = `WorkflowType = '${WORKFLOWS.healIncident}' AND ExecutionStatus = 'Running' AND ${SEARCH_ATTRIBUTES.project} = '${projectId.replaceAll("'", '')}'`;
  const ids: string[] = [];
  for await (const info of client.workflow.list({ query })) ids.push(info.workflowId);
  return ids;
}

async function decide(client: Client, workflowId: string, verdict: Verdict): Promise<HealState> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate<HealState, [Verdict]>(DECIDE_UPDATE, { args: [verdict] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new SelfhealError('APPROVAL_INVALID', error.cause?.message ?? error.message, { where: { workflow: workflowId } });
    if (error instanceof WorkflowNotFoundError)
      throw new SelfhealError('APPROVAL_INVALID', 'this incident is not under repair any more', { where: { workflow: workflowId } });
    throw error;
  }
}

/** Turns the engine's nested failures into the one that a person can act on. */
async function plainly<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw rootFailure(error) ?? new SelfhealError('BEAT_FAILED', deepest(error).message, { cause: error });
  }
}

/** The innermost failure that carries one of our codes, as it was thrown in the handler. */
function rootFailure(error: Error): SelfhealError | undefined {
  const inner = error.cause instanceof Error ? rootFailure(error.cause) : undefined;
  if (inner !== undefined) return inner;
  if (!(error instanceof ApplicationFailure) || !isErrorCode(error.type)) return undefined;
  const [about] = error.details ?? [];
  if (!isThrownDetail(about)) return undefined;
  return new SelfhealError(error.type, about.detail, { where: about.where, cause: error });
}

function isThrownDetail(value: unknown): value is { detail: string; where: ErrorWhere } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'detail' in value &&
    typeof value.detail === 'string' &&
    'where' in value &&
    typeof value.where === 'object'
  );
}

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
