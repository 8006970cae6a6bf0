import type { Approval, BeatInput, Handler } from '@selfheal/contracts';
import { autoMergeThreshold } from './auto-merge-threshold.ts';

type Input = BeatInput<'checkApproval'>;

/**
 * Sequence deployment.deploy, movement Approve. Whether the patch may be shipped: refused where it is barred or unproved; else as a person
 * decided on this very patch; else by the policy, whose confidence threshold is the one learned for the class where there is one.
 * Reads its input alone; writes nothing; cannot fail. A decision on another patch is as good as none.
 */
export const checkApproval: Handler<'checkApproval'> = (input) => {
  const approval = decide(input);
  return { approval, proceed: approval.decision === 'approved' };
};

function decide(input: Input): Approval {
  const required = input.policy.approve === 'review';
  const refused = refusal(input);
  if (refused !== undefined) return { required, decision: 'rejected', by: 'policy', why: refused };
  const { decision, patch } = input;
  if (decision !== undefined && decision.patchHash === patch.hash) {
    const { approved, by, why } = decision;
    return { required, decision: approved ? 'approved' : 'rejected', by, why };
  }
  const other = decision === undefined ? '' : `the decision of ${decision.by} is on another patch (${decision.patchHash.slice(0, 12)}); `;
  const { merge, why } = byPolicy(input);
  return { required: !merge, decision: merge ? 'approved' : 'pending', by: merge ? 'policy' : '', why: `${other}${why}` };
}

/** What no person can approve either. */
function refusal({ barred, validation, patch }: Input): string | undefined {
  if (barred) return 'this patch was reverted before because it did not help; it is barred';
  if (validation.patchHash !== patch.hash) return 'the validation is of another patch';
  if (validation.passed) return undefined;
  const failed = validation.checks.filter((check) => check.required && !check.passed).map(({ name }) => name);
  return `the validation did not pass${failed.length === 0 ? '' : `: ${failed.join(', ')}`}`;
}

function byPolicy({ policy, validation, patch, calibration }: Input): { merge: boolean; why: string } {
  if (policy.approve === 'review') return { merge: false, why: 'the policy asks a person to review each fix' };
  const { model } = patch.candidate ?? {};
  // A model's patch has passed the proof; that it is also what is wanted, a person says.
  if (model !== undefined) return { merge: false, why: `the model ${model} proposed it; a person decides` };
  const confidence = validation.confidence.toFixed(2);
  const { threshold, from } = autoMergeThreshold(patch.type, policy.autoMergeConfidence, calibration);
  if (threshold === undefined) return { merge: false, why: `${from}; a person decides` };
  const merge = validation.confidence >= threshold;
  return { merge, why: `confidence ${confidence} ${merge ? 'reaches' : 'is below'} ${threshold.toFixed(2)} (${from})` };
}
