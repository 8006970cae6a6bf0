import { remember } from './memory.ts';
import type { ApprovalBeat } from './plan.ts';
import { type Flow, ON, type Place } from './run.ts';

/** What is asked, of what. */
export interface Question {
  readonly prompt: string;
  readonly subject?: unknown;
}

export type ApprovalTerms = Pick<ApprovalBeat, 'id' | 'decisionTimeoutMs' | 'onTimeout' | 'onReject'>;

/** Asks a person. The output is `{ approved, by?, why? }`; a refusal ends the sequence unless `onReject` says otherwise. */
export async function runApproval(beat: ApprovalTerms, { prompt, subject }: Question, { run, memory }: Place): Promise<Flow> {
  const decision = await run.runtime.awaitDecision({
    sequence: run.plan.id,
    beat: beat.id,
    prompt,
    ...(subject !== undefined && { subject }),
    ...(beat.decisionTimeoutMs !== undefined && { timeoutMs: beat.decisionTimeoutMs }),
    onTimeout: beat.onTimeout,
  });
  remember(memory, beat.id, decision);
  if (decision.approved || beat.onReject === 'continue') return ON;
  const status = beat.onReject === 'stop' ? 'stopped' : 'rejected';
  return { go: 'end', status, reason: decision.why ?? `"${beat.id}" was not approved` };
}
