import type { BeatInput, BeatOutput, Handler } from '@selfheal/contracts';
import { failedChecks } from './failed-checks.ts';

type Input = BeatInput<'deployCompleted'>;
type Status = BeatOutput<'deployCompleted'>['status'];

/**
 * Sequence deployment.deploy, movement Results: how far the fix came, in a word and a sentence.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const deployCompleted: Handler<'deployCompleted'> = (input) => {
  const status = statusOf(input);
  return { deploymentId: input.deploymentId, status, summary: summaryOf(input, status) };
};

function statusOf({ approval, proceed, merge, deploy, verification, revertCommit, ci }: Input): Status {
  if (!proceed) return approval.decision === 'rejected' ? 'rejected' : 'waiting_review';
  if (revertCommit !== undefined) return 'reverted';
  if (merge?.merged !== true) {
    if (ci !== undefined && !ci.passed) return failedChecks(ci).status;
    return merge?.outdated === true ? 'outdated' : 'blocked';
  }
  if (verification?.verdict === 'verified') return 'verified';
  if (deploy?.deployed !== true) return 'merged';
  return verification === undefined ? 'deployed' : 'inconclusive';
}

function summaryOf({ approval, merge, verification, revertCommit, ci }: Input, status: Status): string {
  const mergedAs = `merged as ${merge?.mergeCommit?.slice(0, 12) ?? 'an earlier commit'}`;
  const said = verification?.detail ?? '';
  switch (status) {
    case 'rejected':
      return `rejected by ${approval.by}: ${approval.why}`;
    case 'waiting_review':
      return `waits for review: ${approval.why}`;
    case 'ci_failed':
      return ci === undefined ? 'the checks failed' : failedChecks(ci).reason;
    case 'blocked':
    case 'outdated':
      return `not merged: ${merge?.reason ?? 'the merge did not take place'}`;
    case 'merged':
      return `${mergedAs}, not deployed`;
    case 'deployed':
      return `${mergedAs} and deployed`;
    case 'verified':
      return `${mergedAs}; verified: ${said}`;
    case 'inconclusive':
      return `${mergedAs} and deployed; no verdict: ${said}`;
    case 'reverted':
      return `${mergedAs}, then reverted as ${revertCommit?.slice(0, 12) ?? ''}: ${said}`;
  }
}
