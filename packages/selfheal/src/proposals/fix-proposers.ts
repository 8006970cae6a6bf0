import {
  ATTEMPT_RETENTION_MS,
  type AttemptResult,
  type FailureContext,
  type FixProposers,
  type FixQuestion,
  type FixRound,
  type Proposal,
  type ProposedFix,
  type RemediationAttempt,
  SelfhealError,
} from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import { endProposal, FIX_SEQUENCE, type FixProposerParts } from './end-proposal.ts';
import { fixFacts } from './fix-facts.ts';

/** A note is worth no longer wait. Milliseconds. */
const NOTE_MS = 20_000;

/**
 * Models as proposers of fixes: the same models, templates, limits and spend as in remediation, with the incident as what the spend is
 * counted for. Each answer is an attempt of its own, so that people see who proposed what and what came of it.
 */
export function createFixProposers(parts: FixProposerParts): FixProposers {
  return {
    async propose(question, signal) {
      try {
        return await propose(parts, question, question.test ? signal : AbortSignal.any([signal, AbortSignal.timeout(NOTE_MS)]));
      } catch (error) {
        if (signal.aborted) throw new SelfhealError('CANCELLED', 'the models were not waited for');
        return { askedAt: Date.now(), fixes: [], why: error instanceof Error ? error.message : String(error) };
      }
    },
    conclude: (attemptId, result, detail) => endProposal(parts, attemptId, result, detail),
  };
}

async function propose(parts: FixProposerParts, question: FixQuestion, signal: AbortSignal): Promise<FixRound | undefined> {
  const { ai, project, records } = parts;
  const { samples, rounds } = project.config.ai.fixes;
  const ids = Array.from({ length: question.test ? samples : 1 }, (_, sample) => attemptId(question, sample));
  const known = (await Promise.all(ids.map((id) => records.get('remediationAttempt', id)))).filter((one) => one !== undefined);
  if (known.length > 0) return roundOf(known);
  const askedAt = Date.now();
  const context = await ai.gather(await fixFacts(records, question));
  const gatheredMs = Date.now() - askedAt;
  const { incidentId } = question.diagnosis;
  const { fingerprint } = await records.need('incident', incidentId);
  const remediation = { enabled: true, maxAiRetries: rounds };
  const asked = { projectId: project.id, incidentId, remediation, attempt: question.round, previous: question.previous };
  const proposals = await Promise.all(ids.map((_, sample) => ai.models.propose(context, { ...asked, sample }, signal)));
  if (proposals.every(({ outcome }) => outcome.kind === 'abstained' && outcome.abstention.reason === 'off')) return undefined;
  const attempts = proposals.map((answer, sample) => attemptOf({ question, sample, answer, context, fingerprint, askedAt, gatheredMs }));
  await records.putAll('remediationAttempt', attempts);
  return roundOf(attempts);
}

function attemptId({ key, round }: FixQuestion, sample: number): string {
  return `${key}/propose/${round}.${sample + 1}`;
}

function attemptOf(made: {
  readonly question: FixQuestion;
  readonly sample: number;
  readonly answer: Proposal;
  readonly context: FailureContext;
  readonly fingerprint: string;
  readonly askedAt: number;
  readonly gatheredMs: number;
}): RemediationAttempt {
  const { question, sample, answer, context, fingerprint, askedAt, gatheredMs } = made;
  const { diagnosis, round, workflowId } = question;
  const { outcome, prompt, response, calls, usage, notes } = answer;
  const decision = outcome.kind === 'decided' ? outcome.decision : undefined;
  const { result, detail } = firstResult(outcome, question.test !== undefined);
  const now = Date.now();
  return {
    id: attemptId(question, sample),
    projectId: diagnosis.projectId,
    workflowId,
    sequence: FIX_SEQUENCE,
    beat: 'searchCandidates',
    incidentId: diagnosis.incidentId,
    attempt: round,
    trigger: 'automatic',
    errorFingerprint: fingerprint,
    ...(prompt && { prompt }),
    context,
    ...(response !== undefined && { response }),
    ...(decision && { decision }),
    ...(decision?.patch && { patchHash: hashEdits(decision.patch.edits) }),
    proposals: [{ proposer: 'models', outcome }],
    calls,
    usage,
    notes,
    timings: { context: gatheredMs, propose: now - askedAt - gatheredMs },
    result,
    detail,
    createdAt: askedAt,
    ...(result === 'pending' ? {} : { endedAt: now }),
    expiresAt: askedAt + ATTEMPT_RETENTION_MS,
  };
}

/** What is already settled by the answer itself. */
function firstResult(outcome: Proposal['outcome'], provable: boolean): { result: AttemptResult; detail: string } {
  if (outcome.kind === 'abstained') return { result: 'stopped', detail: outcome.abstention.why };
  if (!provable) return { result: 'stopped', detail: 'a note for people: the diagnosis abstained, so that no fix was tried' };
  const { decision, patch } = outcome.decision;
  if (decision === 'RETRY' && patch !== undefined) return { result: 'pending', detail: 'not tried yet' };
  return decision === 'ESCALATE'
    ? { result: 'escalated', detail: 'it says that a person must decide' }
    : { result: 'failed', detail: 'it proposes no edits' };
}

function roundOf(attempts: readonly RemediationAttempt[]): FixRound {
  const fixes = attempts.flatMap(({ id, decision }): ProposedFix[] =>
    decision?.patch === undefined
      ? []
      : [{ id, model: decision.model ?? 'unnamed', reasoning: decision.reasoning, edits: decision.patch.edits }],
  );
  const why = [...new Set(attempts.map(({ decision, detail }) => decision?.reasoning ?? detail))].join('; ');
  return { askedAt: Math.min(...attempts.map(({ createdAt }) => createdAt)), fixes, why: why.slice(0, 500) };
}
