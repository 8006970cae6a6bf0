import type { AttemptResult, Incident, Records } from '@selfheal/contracts';
import { endProposal, FIX_SEQUENCE, type FixProposerParts } from './end-proposal.ts';

/** Incidents whose patch was taken. */
const ACCEPTED: ReadonlySet<string> = new Set(['healed', 'merged', 'inconclusive']);
/** Incidents whose patch was not, or did not help. */
const REFUSED: ReadonlySet<string> = new Set(['rejected', 'invalid', 'reverted', 'failed', 'no_fix']);

/**
 * Ends the proposals that held in the search once the incident is decided: the one that was merged healed, the others and those that a
 * person or the validation refused did not. They are examples from then on. The parts are opened only where there is such a proposal.
 */
export async function settleProposals(records: Records, incident: Incident, open: () => Promise<FixProposerParts>): Promise<void> {
  const { id, projectId, status, patchId } = incident;
  if (!ACCEPTED.has(status) && !REFUSED.has(status)) return;
  const pending = await records.list('remediationAttempt', {
    where: { projectId, incidentId: id, sequence: FIX_SEQUENCE, result: 'pending' },
  });
  if (pending.length === 0) return;
  const parts = await open();
  const patch = patchId === undefined ? undefined : await records.get('patch', patchId);
  for (const { id: attemptId, patchHash } of pending) {
    const [result, detail] = outcomeOf(incident, patchHash !== undefined && patchHash === patch?.candidate?.id);
    await endProposal(parts, attemptId, result, detail);
  }
}

function outcomeOf({ status, reason = status }: Incident, own: boolean): [AttemptResult, string] {
  if (!own) return ['refused', 'another patch was taken, or the validation refused this one'];
  return ACCEPTED.has(status) ? ['healed', `merged: ${reason}`] : ['refused', `${status}: ${reason}`];
}
