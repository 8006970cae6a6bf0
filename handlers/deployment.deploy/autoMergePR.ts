import { type BeatInput, type BeatOutput, type ErrorCode, type Handler, isSelfhealError, type Ports } from '@selfheal/contracts';
import { advance, effectKey } from './deployment-record.ts';
import { failedChecks } from './failed-checks.ts';

type Merge = BeatOutput<'autoMergePR'>['merge'];
type Input = BeatInput<'autoMergePR'>;

/** Reasons for which a person has to look; the branch is kept. */
const WAITS: ReadonlySet<ErrorCode> = new Set(['REPO_DIRTY', 'CI_FAILED', 'PATCH_CONFLICT', 'APPROVAL_INVALID', 'REPO_NO_BRANCH']);

/**
 * Sequence deployment.deploy, movement Ship. Merges the pull request at the head that was proved and checked; on a base that moved, the
 * checks run again on the result. Where the user's working tree or others' work stands against it, the branch is kept and the reason
 * given. Reads the repository. Writes the default branch (and its clean working tree), deployment. Fails with GIT_HEAD_MOVED, GIT_FAILED
 * (retryable). Keyed by patch and base.
 */
export const autoMergePR: Handler<'autoMergePR'> = async (input, ports) => {
  const objection = await objectionTo(input, ports);
  if (objection !== undefined) return notMerged(input, ports, objection);
  try {
    const merge: Merge = { merged: true, ...(await mergeNow(input, ports)) };
    await advance(ports, input.deploymentId, {
      status: 'merged',
      ...(merge.mergeCommit === undefined ? {} : { mergeCommit: merge.mergeCommit }),
      treeUntouched: !merge.treeUpdated,
    });
    return { merge };
  } catch (error) {
    if (!isSelfhealError(error) || !WAITS.has(error.code)) throw error;
    return notMerged(input, ports, error.message, error.code === 'PATCH_CONFLICT');
  }
};

/** Checks that fail on a base that is mended since say nothing: the merge runs them again, on its result. */
async function objectionTo({ ci, approval, pullRequest, patch }: Input, { forge }: Ports): Promise<string | undefined> {
  if (approval.decision !== 'approved') return `not approved: ${approval.why}`;
  if (!ci.passed && !(ci.baseFails === true && (await forge.state()).head !== patch.base)) return failedChecks(ci).reason;
  return ci.head === pullRequest.head ? undefined : `the checks ran on ${ci.head}, the head is ${pullRequest.head}`;
}

function mergeNow({ pullRequest, deploymentId, patch, approval, command }: Input, { forge, project, beat }: Ports) {
  return forge.merge({
    pullRequest,
    expectedHead: pullRequest.head,
    key: effectKey(deploymentId, patch.base, 'merge'),
    message: `Merge #${pullRequest.number}: ${pullRequest.title}\n\nApproved by ${approval.by}: ${approval.why}`,
    edits: patch.edits,
    checks: async (mergedCommit) => {
      const { passed } = await forge.runChecks({
        pullRequest: { ...pullRequest, head: mergedCommit },
        command,
        timeoutMs: project.config.sandbox.testTimeoutMs,
        signal: beat.signal,
        onOutput: (line) => beat.heartbeat(line),
      });
      return passed;
    },
  });
}

async function notMerged({ deploymentId, ci }: Input, ports: Ports, reason: string, outdated = false): Promise<{ merge: Merge }> {
  await advance(ports, deploymentId, { status: ci.passed ? 'blocked' : failedChecks(ci).status, reason, treeUntouched: true });
  return { merge: { merged: false, outdated, treeUpdated: false, reason } };
}
