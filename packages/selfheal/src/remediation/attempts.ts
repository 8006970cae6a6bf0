import { ATTEMPT_RETENTION_MS, failureContext, type Proposal, proposal, type RemediationAttempt } from '@selfheal/contracts';
import type { Asked, EndAttempt, RecordAttempt } from '@selfheal/temporal';
import type { HostParts } from './parts.ts';

const NOTHING_SPENT: RemediationAttempt['usage'] = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** Writes the record of an attempt that is decided. Written once: a repetition after a crash finds it and leaves it. */
export async function recordAttempt({ records, blobs }: Pick<HostParts, 'records' | 'blobs'>, request: RecordAttempt): Promise<void> {
  const { attemptId, input, gathered, decision, startedAt } = request;
  const { failure } = input;
  const answers = await Promise.all(request.asked.map(async (asked) => ({ asked, answer: await answerOf(blobs, asked) })));
  const last = answers.at(-1)?.answer;
  const decided = last?.outcome.kind === 'decided' ? last.outcome.decision : undefined;
  // A person or the coordinator may have overruled the proposer; its patch then goes with nothing.
  const patch = request.patchHash === undefined ? undefined : decided?.patch;
  const record: RemediationAttempt = {
    id: attemptId,
    projectId: input.projectId,
    workflowId: failure.workflowId,
    runId: failure.runId,
    sequence: failure.sequence,
    beat: failure.beat,
    handler: failure.handler,
    attempt: input.attempt,
    trigger: input.trigger,
    errorFingerprint: gathered.fingerprint,
    ...(last?.prompt && { prompt: last.prompt }),
    context: failureContext.parse(await blobs.get(gathered.context)),
    ...(last?.response !== undefined && { response: last.response }),
    decision: { ...decision, ...(patch && { patch }) },
    ...(request.patchHash !== undefined && { patchHash: request.patchHash }),
    proposals: answers.map(({ asked, answer }) => ({ proposer: asked.proposer, outcome: answer?.outcome ?? brokenOff(asked) })),
    calls: answers.flatMap(({ answer }) => answer?.calls ?? []),
    usage: answers.reduce((sum, { answer }) => added(sum, answer), NOTHING_SPENT),
    notes: answers.flatMap(({ answer }) => answer?.notes ?? []),
    timings: request.timings,
    result: 'pending',
    detail: 'decided',
    createdAt: startedAt,
    expiresAt: startedAt + ATTEMPT_RETENTION_MS,
  };
  await records.insert('remediationAttempt', record);
}

/** What came of the decision. The template whose prompt led to it is credited or not, once: a repetition finds the attempt ended. */
export async function endAttempt(
  { records, ai }: Pick<HostParts, 'records'> & { readonly ai: Pick<HostParts['ai'], 'prompts'> },
  { attemptId, result, detail, timings }: EndAttempt,
): Promise<void> {
  const before = await records.need('remediationAttempt', attemptId);
  const ended = await records.update('remediationAttempt', attemptId, (attempt) => {
    const endedAt = attempt.endedAt ?? Date.now();
    const all = { ...attempt.timings, ...timings, total: endedAt - attempt.createdAt };
    return { ...attempt, result, detail: detail.slice(0, 8_000), timings: all, endedAt };
  });
  const tells = result === 'healed' || result === 'retry-failed' || result === 'refused';
  if (before.endedAt !== undefined || !tells || ended.prompt === undefined) return;
  await ai.prompts.recordOutcome(ended.prompt.templateId, ended.prompt.templateVersion, result === 'healed');
}

async function answerOf(blobs: HostParts['blobs'], { proposal: reference }: Asked): Promise<Proposal | undefined> {
  return reference === undefined ? undefined : proposal.parse(await blobs.get(reference));
}

function brokenOff({ abstained = 'no answer' }: Asked): Proposal['outcome'] {
  return { kind: 'abstained', abstention: { reason: 'unavailable', why: abstained } };
}

function added(sum: RemediationAttempt['usage'], answer: Proposal | undefined): RemediationAttempt['usage'] {
  if (answer === undefined) return sum;
  const { inputTokens, outputTokens, costUsd } = answer.usage;
  return { inputTokens: sum.inputTokens + inputTokens, outputTokens: sum.outputTokens + outputTokens, costUsd: sum.costUsd + costUsd };
}
