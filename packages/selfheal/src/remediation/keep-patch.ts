import { isSelfhealError, type RemediationAttempt, SelfhealError } from '@selfheal/contracts';
import type { KeptPatch, RemediationCall } from '@selfheal/temporal';
import type { HostParts } from './parts.ts';

/** For what a merge waits without being wrong: the branch is kept. */
const WAITS = new Set(['REPO_DIRTY', 'CI_FAILED', 'PATCH_CONFLICT', 'APPROVAL_INVALID', 'REPO_NO_BRANCH']);

/**
 * Keeps a patch that healed a beat: committed on a branch of its own, in a pull request, which is merged where the policy says `auto` and no model made it. Keyed by
 * the attempt, so a repetition finds what was done.
 */
export async function keepPatch(
  parts: HostParts,
  { attemptId, proof }: { readonly attemptId: string; readonly proof: string },
  call: RemediationCall,
): Promise<KeptPatch> {
  const attempt = await parts.records.need('remediationAttempt', attemptId);
  const { decision, beat, handler, sequence, patchHash = '' } = attempt;
  const edits = decision?.patch?.edits;
  if (decision === undefined || edits === undefined)
    throw new SelfhealError('INPUT_INVALID', `the attempt ${attemptId} has no patch to keep`);
  const { forge, project } = parts.ports(call, { workflowId: attempt.workflowId, sequence, beat, key: attemptId });
  // A model's patch has passed the proof; that it is also what is wanted, a person says.
  const review = project.config.policy.approve === 'review' || decision.model !== undefined;
  const { head: base, branch: baseBranch } = await forge.state();
  const name = `selfheal/${beat.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${patchHash.slice(0, 8)}`;
  const { branch } = await forge.createBranch({ name, base });
  const subject = `Heal ${beat}: ${decision.reasoning}`.replaceAll(/\s+/g, ' ').slice(0, 72);
  const body = `${decision.reasoning}\n\nThe beat "${beat}" of ${sequence} failed in ${handler ?? 'its handler'} and ended well with this change. ${proof}.`;
  const trailers = {
    'Selfheal-Attempt': attemptId,
    'Selfheal-Proposer': decision.proposer,
    'Selfheal-Confidence': decision.confidence.toFixed(2),
  };
  await recordDeployment(parts, attempt, { branch, baseBranch, review });
  const { commit } = await forge.commit({ branch, base, edits, subject, body, trailers, key: `${attemptId}/commit` });
  const pullRequest = await forge.openPullRequest({
    branch,
    baseBranch,
    head: commit,
    title: subject,
    body,
    key: `${attemptId}/pull-request`,
  });
  if (review) return { merged: false, where: `pull request #${pullRequest.number} on ${branch} waits for review` };
  try {
    const merge = await forge.merge({
      pullRequest,
      expectedHead: commit,
      key: `${attemptId}/merge`,
      message: `Merge #${pullRequest.number}: ${subject}`,
      edits,
    });
    await parts.records.update('deployment', attemptId, (record) => ({
      ...record,
      status: 'merged',
      mergeCommit: merge.mergeCommit,
      updatedAt: Date.now(),
    }));
    return {
      merged: true,
      where: `merged as ${merge.mergeCommit.slice(0, 10)}${merge.treeUpdated ? '' : '; the working tree was left alone'}`,
    };
  } catch (error) {
    if (!isSelfhealError(error) || !WAITS.has(error.code)) throw error;
    return { merged: false, where: `pull request #${pullRequest.number} on ${branch} waits: ${error.detail}` };
  }
}

/** Where the forge keeps the pull request. There is no incident and no patch of a diagnosis: the attempt stands for both. */
async function recordDeployment(
  { records }: HostParts,
  { id, projectId, workflowId, patchHash = '' }: RemediationAttempt,
  { branch, baseBranch, review }: { readonly branch: string; readonly baseBranch: string; readonly review: boolean },
): Promise<void> {
  const now = Date.now();
  await records.insert('deployment', {
    id,
    projectId,
    incidentId: workflowId,
    patchId: id,
    patchHash,
    validationId: id,
    branch,
    baseBranch,
    approval: review
      ? { required: true, decision: 'pending', by: 'policy', why: 'a person is to review it' }
      : { required: false, decision: 'approved', by: 'policy', why: 'it was proved, and the beat ended well with it' },
    status: 'branch',
    treeUntouched: false,
    createdAt: now,
    updatedAt: now,
  });
}
