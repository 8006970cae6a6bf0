import type { AttemptResult, FailedBeat, FailureError } from '@selfheal/contracts';
import type { AiRemediationPlan, BeatCall } from '@selfheal/sequences/interpreter';
import { isCancellation, proxyActivities } from '@temporalio/workflow';
import { SHIP_QUEUE, TASK_QUEUE } from '../messages/names.ts';
import type { CoordinatorResult, RemediationActivities } from '../messages/remediation.ts';
import { failureErrorOf } from './failure-error.ts';

const { retryWithPatch } = proxyActivities<RemediationActivities>({
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: '15m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 3 },
});
const { handleDecision, escalate } = proxyActivities<RemediationActivities>({
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 3 },
});
const { keepPatch } = proxyActivities<RemediationActivities>({
  startToCloseTimeout: '15m',
  heartbeatTimeout: '30s',
  taskQueue: SHIP_QUEUE,
  retry: { maximumAttempts: 3 },
});

/** What routing needs of the beat. */
export interface RoutedBeat {
  readonly projectId: string;
  readonly call: BeatCall;
  readonly plan: AiRemediationPlan;
  /** Runs the activity with its ordinary retry. */
  readonly run: (input: unknown) => Promise<unknown>;
}

/** What came of a decision: the beat's output, or an error with which it ends or is decided on again. */
export type Routed = { readonly output: unknown; readonly result: AttemptResult; readonly detail: string } | RoutedError;

export interface RoutedError {
  readonly error: FailureError;
  /** Whether another attempt may follow. */
  readonly goesOn: boolean;
  readonly result: AttemptResult;
  readonly detail: string;
  /** The code with which the beat fails; that of its error where there is none. */
  readonly code?: string;
}

/** Acts on a decision: by the handler that the document names for it, else RETRY runs the beat again, FAIL and ESCALATE end it. */
export async function route(beat: RoutedBeat, failure: FailedBeat, decided: CoordinatorResult): Promise<Routed> {
  const { decision } = decided;
  if (beat.plan.stopAfter === 'decide') return ended(failure, 'stopped', 'stopped after the decision, as the document says');
  const handler = beat.plan.decisionHandlers?.[decision.decision];
  if (handler !== undefined) return hand(beat, failure, decided, handler);
  switch (decision.decision) {
    case 'RETRY':
      return decided.patchHash === undefined ? retry(beat, failure, beat.call.input) : retryPatched(beat, failure, decided);
    case 'FAIL':
      return ended(failure, 'failed', decision.reasoning, 'REMEDIATION_FAILED');
    case 'ESCALATE':
      return ended(failure, 'escalated', decision.reasoning, 'REMEDIATION_ESCALATED');
  }
}

async function hand(beat: RoutedBeat, failure: FailedBeat, { attemptId, decision }: CoordinatorResult, handler: string): Promise<Routed> {
  try {
    const outcome = await handleDecision({ projectId: beat.projectId, handler, attemptId, failure, decision });
    switch (outcome.kind) {
      case 'output':
        return { output: outcome.output, result: 'healed', detail: `${handler} gave an output` };
      case 'retry':
        return await retry(
          beat,
          failure,
          outcome.input === undefined ? beat.call.input : outcome.input,
          ` with what ${handler} made of its input`,
        );
      case 'fail':
        return ended(failure, 'failed', `${handler}: ${outcome.why}`, 'REMEDIATION_FAILED');
      case 'escalate': {
        const told = await escalate({ projectId: beat.projectId, attemptId, failure, why: outcome.why });
        return ended(failure, 'escalated', `${handler}: ${outcome.why} (${told})`, 'REMEDIATION_ESCALATED');
      }
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    return ended(failure, 'failed', `the decision handler ${handler} failed: ${failureErrorOf(error).message}`, 'REMEDIATION_FAILED');
  }
}

async function retry(beat: RoutedBeat, failure: FailedBeat, input: unknown, how = ''): Promise<Routed> {
  if (beat.plan.stopAfter === 'validate') return ended(failure, 'stopped', 'stopped before the retry, as the document says');
  try {
    const output = await beat.run(input);
    return { output, result: 'healed', detail: `the beat ended well when it ran again${how}` };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failedAgain(failureErrorOf(error));
  }
}

async function retryPatched(beat: RoutedBeat, failure: FailedBeat, { attemptId }: CoordinatorResult): Promise<Routed> {
  const { stopAfter } = beat.plan;
  const outcome = await retryWithPatch({ attemptId, failure, proveOnly: stopAfter === 'validate' });
  switch (outcome.kind) {
    case 'refused':
      return { error: failure.error, goesOn: true, result: 'refused', detail: `the patch was refused: ${outcome.why}` };
    case 'failed':
      return failedAgain(outcome.error);
    case 'proved':
      return ended(failure, 'stopped', `${outcome.proof}; stopped before the retry, as the document says`);
    case 'healed': {
      if (stopAfter === 'retry')
        return { output: outcome.output, result: 'healed', detail: `${outcome.proof}; the patch is not kept, as the document says` };
      const { where } = await keepPatch({ projectId: beat.projectId, attemptId, proof: outcome.proof });
      return { output: outcome.output, result: 'healed', detail: `${outcome.proof}; ${where}` };
    }
  }
}

function failedAgain(error: FailureError): Routed {
  return { error, goesOn: true, result: 'retry-failed', detail: `the beat failed again: ${error.message}` };
}

function ended({ error }: FailedBeat, result: AttemptResult, detail: string, code?: string): Routed {
  return { error, goesOn: false, result, detail, ...(code !== undefined && { code }) };
}
