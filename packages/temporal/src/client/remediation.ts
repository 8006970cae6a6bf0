import { DEFAULT_AI_RETRIES, SelfhealError } from '@selfheal/contracts';
import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { TASK_QUEUE, WORKFLOWS } from '../messages/names.ts';
import type { RemediateAgainInput, RemediateAgainResult } from '../messages/remediate-again.ts';
import type { CoordinatorInput, PersonalDecision } from '../messages/remediation.ts';

export interface AgainRequest {
  readonly attemptId: string;
  readonly routing: RemediateAgainInput['routing'];
}

/** What failed is in the input of the coordinator that decided on it. */
export async function remediateAgain(
  client: Client,
  { attemptId, routing }: AgainRequest,
  workflowId: string,
): Promise<RemediateAgainResult> {
  const { projectId, failure, options } = await inputOf(client, attemptId);
  const input: RemediateAgainInput = {
    projectId,
    failure,
    options: { ...options, maxAiRetries: options.maxAiRetries ?? DEFAULT_AI_RETRIES },
    routing,
  };
  return client.workflow.execute<(input: RemediateAgainInput) => Promise<RemediateAgainResult>>(WORKFLOWS.remediateAgain, {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [input],
    staticSummary: `${failure.beat}: ${failure.error.message}`.slice(0, 200),
  });
}

async function inputOf(client: Client, attemptId: string): Promise<CoordinatorInput> {
  const history = await client.workflow
    .getHandle(attemptId)
    .fetchHistory()
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new SelfhealError('RECORD_MISSING', `the engine does not hold the history of the attempt ${attemptId} any more`);
    });
  const payload = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined || payload === null) throw new SelfhealError('RECORD_MISSING', `the history of ${attemptId} has no input`);
  return defaultPayloadConverter.fromPayload<CoordinatorInput>(payload);
}

export async function decideRemediation(client: Client, attemptId: string, decision: PersonalDecision): Promise<void> {
  try {
    await client.workflow.getHandle(attemptId).executeUpdate('decideRemediation', { args: [decision] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw new SelfhealError('APPROVAL_INVALID', error.cause?.message ?? error.message, { where: { attempt: attemptId } });
    }
    if (error instanceof WorkflowNotFoundError) {
      throw new SelfhealError('APPROVAL_INVALID', 'this attempt is decided already', { where: { attempt: attemptId } });
    }
    throw error;
  }
}
