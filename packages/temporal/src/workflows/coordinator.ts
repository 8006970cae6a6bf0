import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  Asked,
  ContextGathered,
  CoordinatorInput,
  CoordinatorResult,
  DecisionSummary,
  PersonalDecision,
  RemediationActivities,
} from '../messages/remediation.ts';
import { stageAttribute, verdictAttribute } from './attributes.ts';

const { gatherContext, recordAttempt, escalate } = proxyActivities<RemediationActivities>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 3 },
});

/** A proposer may search for minutes; it is not asked twice, for it keeps what it spent, and the next one is asked instead. */
const { askProposer } = proxyActivities<RemediationActivities>({
  startToCloseTimeout: '4m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 2 },
});

/** A person's answer to an escalation; accepted while one is awaited. */
export const decideRemediation = defineUpdate<void, [PersonalDecision]>('decideRemediation');

/**
 * One attempt at one failure: gathers what is known, asks proposers one after another until one decides, checks the decision, records the
 * attempt and returns the decision. It changes nothing in the world but the record: the parent acts on what it returns.
 */
export async function coordinator(input: CoordinatorInput): Promise<CoordinatorResult> {
  const attemptId = workflowInfo().workflowId;
  const startedAt = Date.now();
  const person = awaitPerson();
  upsertSearchAttributes([{ key: stageAttribute, value: 'diagnose' }]);
  const gathered = await gatherContext(input);
  setCurrentDetails(gathered.summary);
  const asked = await askInTurn(input, attemptId, gathered);
  const proposedAt = Date.now();
  const { decision, patchHash } = checked(input, gathered, asked);
  const settled = await settle(input, attemptId, decision, person);
  const kept = settled === decision ? patchHash : undefined;
  upsertSearchAttributes([
    { key: stageAttribute, value: 'done' },
    { key: verdictAttribute, value: settled.decision },
  ]);
  setCurrentDetails(`${settled.decision} by ${settled.proposer}: ${settled.reasoning}`.slice(0, 2_000));
  const timings = { context: gathered.durationMs, propose: proposedAt - startedAt - gathered.durationMs };
  await recordAttempt({ attemptId, input, gathered, asked, decision: settled, ...(kept && { patchHash: kept }), timings, startedAt });
  const { fingerprint } = gathered;
  return { attemptId, decision: settled, fingerprint, ...(kept && { patchHash: kept }), decidedAt: Date.now() };
}

/** Deterministic ones come first. One that breaks is passed over: its error is kept as the reason. */
async function askInTurn(input: CoordinatorInput, attemptId: string, { context }: ContextGathered): Promise<Asked[]> {
  const { projectId, failure, options, attempt, previous, proposers } = input;
  const asked: Asked[] = [];
  for (const proposer of proposers) {
    try {
      asked.push(await askProposer({ projectId, attemptId, proposer, context, failure, options, attempt, previous }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      asked.push({ proposer, abstained: reasonOf(error) });
    }
    if (asked.at(-1)?.decision !== undefined) break;
  }
  return asked;
}

/** What cannot be acted on becomes FAIL: nobody decided, or the same patch was tried on the same error. */
function checked(
  input: CoordinatorInput,
  _gathered: ContextGathered,
  asked: readonly Asked[],
): Pick<Asked, 'patchHash'> & { decision: DecisionSummary } {
  const last = asked.at(-1);
  if (last?.decision === undefined) {
    const reasons = asked.map(({ proposer, abstained }) => `${proposer}: ${abstained}`).join('; ');
    return { decision: fail(`nobody could decide (${reasons === '' ? 'no proposers' : reasons})`) };
  }
  const { decision, patchHash } = last;
  const again = patchHash !== undefined && input.previous.some((attempt) => attempt.patchHash === patchHash);
  if (again) return { decision: fail(`the same patch was tried on this error already (${patchHash.slice(0, 12)}): ${decision.reasoning}`) };
  return { decision, ...(patchHash !== undefined && { patchHash }) };
}

function fail(reasoning: string): DecisionSummary {
  return { decision: 'FAIL', reasoning: reasoning.slice(0, 8_000), confidence: 1, proposer: 'coordinator' };
}

interface Person {
  answer: PersonalDecision | undefined;
  awaited: boolean;
}

function awaitPerson(): Person {
  const person: Person = { answer: undefined, awaited: false };
  const take = (answer: PersonalDecision): void => {
    person.answer = answer;
  };
  setHandler(decideRemediation, take, {
    validator: (answer) => {
      if (!person.awaited) throw new TypeError('no decision of a person is awaited');
      if (person.answer !== undefined) throw new TypeError('it is decided already');
      if (answer.decision !== 'RETRY' && answer.decision !== 'FAIL') throw new TypeError('decide RETRY or FAIL');
    },
  });
  return person;
}

/** An escalation is told, and where a person is to decide it waits for that. */
async function settle(input: CoordinatorInput, attemptId: string, decision: DecisionSummary, person: Person): Promise<DecisionSummary> {
  if (decision.decision !== 'ESCALATE' || input.options.decisionHandlers?.ESCALATE !== undefined || input.options.stopAfter === 'decide')
    return decision;
  const told = await escalate({ projectId: input.projectId, attemptId, failure: input.failure, why: decision.reasoning });
  const escalated = { ...decision, reasoning: `${decision.reasoning} (${told})`.slice(0, 8_000) };
  if (input.awaitPersonMs === 0) return escalated;
  person.awaited = true;
  await condition(() => person.answer !== undefined, input.awaitPersonMs);
  person.awaited = false;
  const { answer } = person;
  if (answer === undefined) return escalated;
  return { decision: answer.decision, reasoning: `${answer.by}: ${answer.why}`, confidence: 1, proposer: `person ${answer.by}` };
}

function reasonOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof ApplicationFailure || error instanceof Error ? error.message.slice(0, 1_000) : String(error);
}
