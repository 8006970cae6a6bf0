import { type BeatInput, beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { deployCompleted } from './deployCompleted.ts';

type Input = BeatInput<'deployCompleted'>;

const approval = { required: false, decision: 'approved', by: 'policy', why: 'sure' } as const;
const merge = { merged: true, mergeCommit: 'a'.repeat(40), treeUpdated: true };
const ci = { passed: true, command: 'npm test', exitCode: 0, durationMs: 1, output: '', head: 'h' };
const deploy = { deployed: true, key: 'k', output: '', at: 1, durationMs: 1 };
const verification = {
  verdict: 'verified',
  traffic: 30,
  recurrences: 0,
  before: {},
  after: {},
  detail: 'no recurrence',
  from: 1,
  to: 2,
} as const;
const complete = (parts: Partial<Input>) =>
  beats.deployCompleted.output.parse(deployCompleted({ deploymentId: 'dep-1', approval, proceed: true, ...parts }));

test.each([
  ['rejected', { proceed: false, approval: { ...approval, decision: 'rejected', by: 'ann', why: 'no' } }, 'rejected by ann: no'],
  ['waiting_review', { proceed: false, approval: { ...approval, decision: 'pending', why: 'unsure' } }, 'waits for review: unsure'],
  ['ci_failed', { ci: { ...ci, passed: false, exitCode: 2 }, merge: { merged: false, treeUpdated: false } }, 'npm test ended with 2'],
  [
    'outdated',
    { ci, merge: { merged: false, outdated: true, treeUpdated: false, reason: 'both sides changed a.js' } },
    'not merged: both sides changed a.js',
  ],
  ['blocked', { ci, merge: { merged: false, treeUpdated: false, reason: 'dirty' } }, 'not merged: dirty'],
  [
    'merged',
    { ci, merge, deploy: { ...deploy, deployed: false }, verification: { ...verification, verdict: 'inconclusive' } },
    'merged as aaaaaaaaaaaa, not deployed',
  ],
  ['verified', { ci, merge, deploy: { ...deploy, deployed: false }, verification }, 'merged as aaaaaaaaaaaa; verified: no recurrence'],
  ['deployed', { ci, merge, deploy }, 'merged as aaaaaaaaaaaa and deployed'],
  ['verified', { ci, merge, deploy, verification }, 'verified: no recurrence'],
  [
    'inconclusive',
    { ci, merge, deploy, verification: { ...verification, verdict: 'inconclusive', detail: 'only 3 calls' } },
    'no verdict: only 3 calls',
  ],
  [
    'reverted',
    { ci, merge, deploy, verification: { ...verification, verdict: 'failed', detail: 'came back' }, revertCommit: 'b'.repeat(40) },
    'then reverted as bbbbbbbbbbbb: came back',
  ],
] satisfies [string, Partial<Input>, string][])('is %s', (status, parts, said) => {
  const done = complete(parts);
  expect(done.status).toBe(status);
  expect(done.summary).toContain(said);
});
