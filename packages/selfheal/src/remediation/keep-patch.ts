import {
  type Edit,
  type Forge,
  isSelfhealError,
  type PullRequest,
  type RemediationAttempt,
  type RemediationDecision,
  type SelfhealConfig,
  SelfhealError,
} from '@selfheal/contracts';
import type { KeptPatch, RemediationCall } from '@selfheal/temporal';
import type { HostParts } from './parts.ts';

/** For what a merge waits without being wrong: the branch is kept. */
const WAITS = new Set(['REPO_DIRTY', 'CI_FAILED', 'PATCH_CONFLICT', 'APPROVAL_INVALID', 'REPO_NO_BRANCH']);

/**
 * Keeps a patch that healed a beat: committed on a branch of its own, in a pull request, which is merged where the policy says `auto`, no model made it, and the
 * confidence reaches `policy.autoMergeConfidence`. Keyed by the attempt, so a repetition finds what was done.
 */
export async function keepPatch(
  parts: HostParts,
  { attemptId, proof }: { readonly attemptId: string; readonly proof: string },
  call: RemediationCall,
): Promise<KeptPatch> {
  const attempt = await parts.records.need('remediationAttempt', attemptId);
  const { decision, beat, sequence } = attempt;
  const edits = decision?.patch?.edits;
  if (decision === undefined || edits === undefined)
    throw new SelfhealError('INPUT_INVALID', `the attempt ${attemptId} has no patch to keep`);
  const { forge, project } = parts.ports(call, { workflowId: attempt.workflowId, sequence, beat, key: attemptId });
  const review = whyReview(decision, project.config.policy);
  // Opened before this was cut off: the default branch may hold the patch by now, and it could not be committed once more.
  const known = (await parts.records.get('deployment', attemptId))?.pullRequest;
  const pullRequest = known ?? (await openPullRequest(parts, forge, attempt, { decision, edits, proof, review }));
  const { branch, head, number, title } = pullRequest;
  if (review !== undefined) return { merged: false, where: `pull request #${number} on ${branch} waits for review: ${review}` };
  try {
    const merge = await forge.merge({
      pullRequest,
      expectedHead: head,
      key: `${attemptId}/merge`,
      message: `Merge #${number}: ${title}`,
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
    return { merged: false, where: `pull request #${number} on ${branch} waits: ${error.detail}` };
  }
}

interface Kept {
  readonly decision: RemediationDecision;
  readonly edits: readonly Edit[];
  readonly proof: string;
  readonly review: string | undefined;
}

/** Commits the patch on a branch of its own and opens the pull request. */
async function openPullRequest(
  parts: HostParts,
  forge: Forge,
  attempt: RemediationAttempt,
  { decision, edits, proof, review }: Kept,
): Promise<PullRequest> {
  const { id, beat, handler, sequence, patchHash = '' } = attempt;
  const { head: base, branch: baseBranch } = await forge.state();
  const name = `selfheal/${beat.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${patchHash.slice(0, 8)}`;
  const { branch } = await forge.createBranch({ name, base });
  const subject = `Heal ${beat}: ${decision.reasoning}`.replaceAll(/\s+/g, ' ').slice(0, 72);
  const proposer = decision.model === undefined ? decision.proposer : `the model ${decision.model}`;
  const body = `${decision.reasoning}\n\nProposed by ${proposer}. The beat "${beat}" of ${sequence} failed in ${handler ?? 'its handler'} and ended well with this change. ${proof}.`;
  const trailers = {
    'Selfheal-Attempt': id,
    'Selfheal-Proposer': proposer,
    'Selfheal-Confidence': decision.confidence.toFixed(2),
  };
  await recordDeployment(parts, attempt, { branch, baseBranch, review });
  const { commit } = await forge.commit({ branch, base, edits, subject, body, trailers, key: `${id}/commit` });
  return forge.openPullRequest({ branch, baseBranch, head: commit, title: subject, body, key: `${id}/pull-request` });
}

/** Why a person is to look at a patch that healed; undefined where it may merge by itself. */
function whyReview({ confidence, model }: RemediationDecision, policy: SelfhealConfig['policy']): string | undefined {
  if (policy.approve === 'review') return 'the policy asks a person to review each fix';
  // A model's patch has passed the proof; that it is also what is wanted, a person says. What it says of its own confidence counts for nothing.
  if (model !== undefined) return `the model ${model} proposed it; a person decides`;
  const { autoMergeConfidence: least } = policy;
  if (confidence >= least) return undefined;
  return `confidence ${confidence.toFixed(2)} is below ${least.toFixed(2)} (policy.autoMergeConfidence)`;
}

/** Where the forge keeps the pull request. There is no incident and no patch of a diagnosis: the attempt stands for both. */
async function recordDeployment(
  { records }: HostParts,
  { id, projectId, workflowId, patchHash = '' }: RemediationAttempt,
  { branch, baseBranch, review }: { readonly branch: string; readonly baseBranch: string; readonly review: string | undefined },
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
    approval:
      review !== undefined
        ? { required: true, decision: 'pending', by: 'policy', why: review }
        : { required: false, decision: 'approved', by: 'policy', why: 'it was proved, and the beat ended well with it' },
    status: 'branch',
    treeUntouched: false,
    createdAt: now,
    updatedAt: now,
  });
}
