import { createHash } from 'node:crypto';
import { decisionOutcome, failureContext, type Proposal, proposal, SelfhealError } from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import type {
  Asked,
  AskProposer,
  ContextGathered,
  CoordinatorInput,
  HandleDecision,
  RemediationCall,
  RemediationHost,
} from '@selfheal/temporal';
import { checkIn, checkOut } from '@selfheal/temporal';
import { endAttempt, recordAttempt } from './attempts.ts';
import { escalate } from './escalate.ts';
import { keepPatch } from './keep-patch.ts';
import type { HostParts } from './parts.ts';
import { retryWithPatch } from './retry-with-patch.ts';

/** Remediation's activities for one project. */
export function createRemediationHost(parts: HostParts): RemediationHost {
  return {
    gatherContext: (input) => gatherContext(parts, input),
    askProposer: (request, call) => askProposer(parts, request, call),
    recordAttempt: (request) => recordAttempt(parts, request),
    retryWithPatch: (request, call) => retryWithPatch(parts, request, call),
    keepPatch: (request, call) => keepPatch(parts, request, call),
    escalate: (request) => escalate(parts, request),
    handleDecision: (request, call) => handleDecision(parts, request, call),
    endAttempt: (request) => endAttempt(parts, request),
  };
}

/** What proposers are told of a failure, stored. */
export async function gatherContext(
  { ai, blobs }: Pick<HostParts, 'ai' | 'blobs'>,
  { failure, options, previous }: CoordinatorInput,
): Promise<ContextGathered> {
  const started = performance.now();
  const { sequence, beat, handler, workflowId, error } = failure;
  const input = await checkOut(failure.input, blobs);
  const context = await ai.gather(
    { subject: { sequence, beat, handler, workflowId, attempts: previous.length + 1 }, error, input },
    options.contextConfig,
  );
  return {
    context: await blobs.put(context),
    fingerprint: fingerprintOf(error),
    summary: context.summary,
    durationMs: Math.round(performance.now() - started),
  };
}

/** Equal errors at one beat have one; numbers in messages change from run to run. */
function fingerprintOf({ type, message }: { type: string; message: string }): string {
  return createHash('sha256')
    .update(`${type}\n${message.replaceAll(/\d+/g, '#')}`)
    .digest('hex')
    .slice(0, 16);
}

/** Asks one proposer; its whole answer is stored. */
export async function askProposer(
  { proposers, blobs }: Pick<HostParts, 'proposers' | 'blobs'>,
  request: AskProposer,
  { signal }: Pick<RemediationCall, 'signal'>,
): Promise<Asked> {
  const { proposer: name, failure, options, attempt, previous, projectId } = request;
  const proposer = proposers.get(name);
  if (proposer === undefined) return { proposer: name, abstained: 'no such proposer in this engine' };
  const context = await contextOf(blobs, request);
  const asked = { projectId, incidentId: failure.workflowId, remediation: options, attempt, previous };
  const answer: Proposal = proposal.parse(await proposer.propose(context, asked, signal));
  const stored = { proposer: name, proposal: await blobs.put(answer) };
  if (answer.outcome.kind === 'abstained') return { ...stored, abstained: answer.outcome.abstention.why };
  const { patch, ...decision } = answer.outcome.decision;
  return {
    ...stored,
    decision: { ...decision, reasoning: decision.reasoning.slice(0, 2_000) },
    ...(patch && { patchHash: hashEdits(patch.edits) }),
  };
}

async function handleDecision(parts: HostParts, request: HandleDecision, call: RemediationCall) {
  const { handler: name, failure, decision, attemptId } = request;
  const handlers = new Map(parts.plugins.flatMap((plugin) => Object.entries(plugin.decisionHandlers ?? {})));
  const handler = handlers.get(name);
  if (handler === undefined) {
    const known = [...handlers.keys()].join(', ');
    throw new SelfhealError('HANDLER_UNKNOWN', `the decision handler "${name}"; known: ${known === '' ? 'none' : known}`);
  }
  const input = await checkOut(failure.input, parts.blobs);
  const { sequence, beat, workflowId } = failure;
  const outcome = decisionOutcome.parse(
    await handler({ decision, failure, input }, parts.ports(call, { workflowId, sequence, beat, key: attemptId })),
  );
  if (outcome.kind === 'retry' && outcome.input !== undefined) return { ...outcome, input: await checkIn(outcome.input, parts.blobs) };
  return outcome.kind === 'output' ? { ...outcome, output: await checkIn(outcome.output, parts.blobs) } : outcome;
}

async function contextOf(blobs: HostParts['blobs'], { context }: AskProposer) {
  return failureContext.parse(await blobs.get(context));
}
