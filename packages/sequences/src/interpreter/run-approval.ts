import { mapValue } from './mapping.ts';
import { remember, scopeOf } from './memory.ts';
import type { ApprovalBeat } from './plan.ts';
import { type Flow, ON, type Place } from './run.ts';

/** Asks a person. The output is `{ approved, by?, why? }`; a refusal ends the sequence unless `onReject` says otherwise. */
export async function runApproval(beat: ApprovalBeat, place: Place): Promise<Flow> {
  const { run, memory } = place;
  const scope = scopeOf(memory, run.runtime.now());
  const subject = mapValue(beat.subject, scope, 'subject');
  const decision = await run.runtime.awaitDecision({
    sequence: run.plan.id,
    beat: beat.id,
    prompt: String(mapValue(beat.prompt, scope, 'prompt')),
    ...(subject !== undefined && { subject }),
    ...(beat.decisionTimeoutMs !== undefined && { timeoutMs: beat.decisionTimeoutMs }),
    onTimeout: beat.onTimeout,
  });
  remember(memory, beat.id, decision);
  if (decision.approved || beat.onReject === 'continue') return ON;
  const status = beat.onReject === 'stop' ? 'stopped' : 'rejected';
  return { go: 'end', status, reason: decision.why ?? `"${beat.id}" was not approved` };
}
