import { type BeatInput, selfhealConfig } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { checkApproval } from './checkApproval.ts';
import { calibrationOf, factsOf } from './testing/facts.ts';

type Input = BeatInput<'checkApproval'>;

const { patch, validation } = factsOf();
const policyOf = (policy: Record<string, unknown>) => selfhealConfig.parse({ policy }).policy;
const check = (parts: Partial<Input> = {}) =>
  checkApproval({ patch, validation, policy: policyOf({}), calibration: [], barred: false, ...parts });
const decisionOf = (parts: Partial<NonNullable<Input['decision']>> = {}) => ({
  approved: true,
  by: 'ann',
  why: 'looks right',
  patchHash: patch.hash,
  ...parts,
});

describe('by the policy', () => {
  test('confidence at the threshold merges, below it waits', () => {
    expect(check()).toEqual({
      proceed: true,
      approval: { required: false, decision: 'approved', by: 'policy', why: 'confidence 0.85 reaches 0.60 (policy.autoMergeConfidence)' },
    });
    const { approval, proceed } = check({ policy: policyOf({ autoMergeConfidence: 0.9 }) });
    expect([proceed, approval.decision, approval.required]).toEqual([false, 'pending', true]);
    expect(approval.why).toBe('confidence 0.85 is below 0.90 (policy.autoMergeConfidence)');
    expect(check({ validation: { ...validation, confidence: 0.6 } }).proceed).toBe(true);
  });

  test('what was learned for the class goes before the policy', () => {
    expect(check({ calibration: [calibrationOf('error', { threshold: 0.9 })] }).proceed).toBe(false);
    expect(
      check({ calibration: [calibrationOf('error', { threshold: 0.2 })], policy: policyOf({ autoMergeConfidence: 0.99 }) }).proceed,
    ).toBe(true);
    expect(check({ calibration: [calibrationOf('performance', { threshold: 0.9 })] }).proceed).toBe(true);
    const none = check({ calibration: [calibrationOf('error', { threshold: null })] });
    expect([none.proceed, none.approval.why]).toEqual([false, 'too few error fixes held so far for any confidence; a person decides']);
  });

  test('a policy of review waits for a person, however sure', () => {
    const { approval, proceed } = check({ policy: policyOf({ approve: 'review' }), validation: { ...validation, confidence: 1 } });
    expect([proceed, approval.decision, approval.required]).toEqual([false, 'pending', true]);
  });

  test('what a model proposed waits for a person, however sure', () => {
    const { candidate } = patch;
    const proposed = { ...patch, ...(candidate && { candidate: { ...candidate, proposer: 'models', model: 'house' } }) };
    const sure = { patch: proposed, validation: { ...validation, confidence: 1 }, policy: policyOf({ autoMergeConfidence: 0 }) };
    const { approval, proceed } = check(sure);
    expect([proceed, approval.required, approval.why]).toEqual([false, true, 'the model house proposed it; a person decides']);
    expect(check({ ...sure, decision: decisionOf() }).proceed).toBe(true);
  });
});

describe('by a person', () => {
  const policy = policyOf({ approve: 'review', autoMergeConfidence: 1 });

  test('an approval ships the patch, a rejection does not', () => {
    expect(check({ policy, decision: decisionOf() })).toEqual({
      proceed: true,
      approval: { required: true, decision: 'approved', by: 'ann', why: 'looks right' },
    });
    expect(check({ decision: decisionOf({ approved: false, why: 'no' }) })).toMatchObject({
      proceed: false,
      approval: { decision: 'rejected', by: 'ann', why: 'no' },
    });
  });

  test('a decision on another patch counts for nothing', () => {
    const { approval, proceed } = check({ policy, decision: decisionOf({ patchHash: 'another-patch-hash' }) });
    expect([proceed, approval.decision]).toEqual([false, 'pending']);
    expect(approval.why).toContain('the decision of ann is on another patch (another-patc)');
  });
});

test.each([
  ['barred', { barred: true }, 'barred'],
  ['unproved', { validation: { ...validation, passed: false } }, 'the validation did not pass'],
  [
    'unproved in a required check',
    { validation: { ...validation, passed: false, checks: [{ name: 'integrity', passed: false, required: true, detail: '' }] } },
    'the validation did not pass: integrity',
  ],
  ['validated as another', { validation: { ...validation, patchHash: 'other' } }, 'the validation is of another patch'],
] satisfies [string, Partial<Input>, string][])('a patch that is %s ships for nobody', (_case, parts, why) => {
  for (const decision of [undefined, decisionOf()]) {
    const { approval, proceed } = check({ ...parts, ...(decision === undefined ? {} : { decision }) });
    expect([proceed, approval.decision, approval.by]).toEqual([false, 'rejected', 'policy']);
    expect(approval.why).toContain(why);
  }
});
