import type { FailedBeat, FailureError, PreviousAttempt, RemediationAttempt } from '@selfheal/contracts';
import { ApplicationFailure, executeChild, isCancellation, log, ParentClosePolicy, proxyActivities } from '@temporalio/workflow';
import { TASK_QUEUE, WORKFLOWS } from '../messages/names.ts';
import type { CoordinatorInput, CoordinatorResult, RemediationActivities, RemediationRouting } from '../messages/remediation.ts';
import { incidentAttribute, projectAttribute, stageAttribute } from './attributes.ts';
import { failureErrorOf } from './failure-error.ts';
import { type RoutedBeat, type RoutedError, route } from './route-decision.ts';

/** The queue is named: compiled sequences, whose workers have queues of their own, are remediated by the engine too. */
const { endAttempt } = proxyActivities<RemediationActivities>({
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: '1m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 5 },
});

export interface RemediatedBeat extends RoutedBeat {
  readonly routing: RemediationRouting;
  /** The run that the beat failed in. */
  readonly failedIn: { readonly workflowId: string; readonly runId: string };
  /** Ids of attempts begin with it. */
  readonly attempts: string;
  readonly trigger: RemediationAttempt['trigger'];
}

/** Runs a beat's activity, and heals it where it has failed for good. */
export async function remediate(beat: RemediatedBeat): Promise<unknown> {
  let error: FailureError;
  try {
    return await beat.run(beat.call.input);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
    error = failureErrorOf(thrown);
  }
  return healFailed(beat, error);
}

/**
 * Lets a coordinator decide on a failed beat, at most `maxAiRetries` times, and acts on what it decides. Gives the beat's output, or fails with
 * the beat's error and the analysis. Where the coordinator itself fails or hangs, the ordinary retry policy has the last word.
 */
export async function healFailed(beat: RemediatedBeat, thrown: FailureError): Promise<unknown> {
  const previous: PreviousAttempt[] = [];
  let error = thrown;
  for (let attempt = 1; ; attempt++) {
    const failure = failedBeat(beat, error);
    const decided = await decide(beat, failure, attempt, previous);
    if (decided === undefined) return beat.run(beat.call.input);
    const { attemptId, decision, patchHash } = decided;
    notice(beat, `${decision.decision} by ${decision.proposer}: ${decision.reasoning}`);
    const startedAt = Date.now();
    const routed = await route(beat, failure, decided);
    const timings = { route: Math.max(0, startedAt - decided.decidedAt), retry: Date.now() - startedAt };
    await endAttempt({ projectId: beat.projectId, attemptId, result: routed.result, detail: routed.detail, timings });
    notice(beat, `${routed.result}: ${routed.detail}`);
    if ('output' in routed) return routed.output;
    if (!routed.goesOn || attempt >= beat.plan.maxAiRetries) throw withAnalysis(routed, decided);
    const { decision: kind, reasoning } = decision;
    const outcome = routed.detail.slice(0, 2_000);
    previous.push({
      attempt,
      decision: kind,
      reasoning: reasoning.slice(0, 1_000),
      outcome,
      ...(patchHash !== undefined && { patchHash }),
    });
    error = routed.error;
  }
}

/** Undefined where the coordinator failed or took too long. */
async function decide(
  beat: RemediatedBeat,
  failure: FailedBeat,
  attempt: number,
  previous: readonly PreviousAttempt[],
): Promise<CoordinatorResult | undefined> {
  const { projectId, routing, plan, call } = beat;
  const input: CoordinatorInput = {
    projectId,
    failure,
    options: plan,
    proposers: routing.proposers,
    attempt,
    previous,
    trigger: beat.trigger,
    awaitPersonMs: routing.awaitPersonMs,
  };
  try {
    return await executeChild<(input: CoordinatorInput) => Promise<CoordinatorResult>>(WORKFLOWS.coordinator, {
      workflowId: `${beat.attempts}/${attempt}`,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: routing.coordinatorTimeoutMs + routing.awaitPersonMs,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${call.beat}: ${failure.error.message}`.slice(0, 200),
      memo: { beat: call.beat, handler: call.handler, attempt, error: failure.error.message.slice(0, 500) },
      typedSearchAttributes: [
        { key: projectAttribute, value: projectId },
        { key: incidentAttribute, value: failure.workflowId },
        { key: stageAttribute, value: 'diagnose' },
      ],
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    notice(beat, `the coordinator did not decide (${failureErrorOf(error).message}); the ordinary retry policy goes on`);
    return undefined;
  }
}

function failedBeat({ call, failedIn }: RemediatedBeat, error: FailureError): FailedBeat {
  const { sequence, movement, beat, handler, ordinal, input } = call;
  return { sequence, movement, beat, handler, ordinal, ...failedIn, input, error };
}

/** The beat's own error, with what was found out about it. */
function withAnalysis({ error, detail, code }: RoutedError, { attemptId, decision }: CoordinatorResult): ApplicationFailure {
  const analysis = `${decision.decision} by ${decision.proposer}, confidence ${decision.confidence}: ${detail} (attempt ${attemptId})`;
  return ApplicationFailure.create({
    message: `${error.message} [${analysis}]`,
    type: code ?? error.type,
    nonRetryable: true,
    details: [
      { detail: `${error.message} [${analysis}]`, where: { attempt: attemptId } },
      { error, decision },
    ],
  });
}

function notice({ call }: RemediatedBeat, line: string): void {
  log.info(`beat "${call.beat}": ${line}`, { notice: true });
}
