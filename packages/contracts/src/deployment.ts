import { z } from 'zod';

export const approval = z.object({
  required: z.boolean(),
  decision: z.enum(['approved', 'rejected', 'pending']),
  by: z.string(),
  why: z.string(),
});
export type Approval = z.infer<typeof approval>;

export const pullRequest = z.object({
  id: z.string(),
  number: z.int(),
  url: z.string().optional(),
  title: z.string(),
  body: z.string(),
  branch: z.string(),
  baseBranch: z.string(),
  head: z.string(),
  status: z.enum(['open', 'merged', 'closed']),
});
export type PullRequest = z.infer<typeof pullRequest>;

export const ciResult = z.object({
  passed: z.boolean(),
  command: z.string(),
  exitCode: z.int(),
  durationMs: z.number(),
  output: z.string(),
  head: z.string(),
  /** Set where the checks fail: whether they fail without the fix too, which then is not to blame. */
  baseFails: z.boolean().optional(),
});
export type CiResult = z.infer<typeof ciResult>;

export const deployResult = z.object({
  deployed: z.boolean(),
  key: z.string(),
  command: z.string().optional(),
  output: z.string(),
  at: z.number(),
  release: z.string().optional(),
  durationMs: z.number(),
});
export type DeployResult = z.infer<typeof deployResult>;

export const verdict = z.enum(['verified', 'failed', 'inconclusive']);
export type Verdict = z.infer<typeof verdict>;

/** Judged per incident fingerprint and release at or after the fix. */
export const verification = z.object({
  verdict,
  /** Calls of the same operation (or runs of the same flow) seen at or after the fix. */
  traffic: z.int(),
  recurrences: z.int(),
  before: z.record(z.string(), z.number()),
  after: z.record(z.string(), z.number()),
  pValue: z.number().optional(),
  detail: z.string(),
  from: z.number(),
  to: z.number(),
});
export type Verification = z.infer<typeof verification>;

export const deployment = z.object({
  id: z.string(),
  projectId: z.string(),
  incidentId: z.string(),
  patchId: z.string(),
  patchHash: z.string(),
  validationId: z.string(),
  branch: z.string(),
  baseBranch: z.string(),
  commit: z.string().optional(),
  mergeCommit: z.string().optional(),
  pullRequest: pullRequest.optional(),
  approval,
  ci: ciResult.optional(),
  deploy: deployResult.optional(),
  verification: verification.optional(),
  revertCommit: z.string().optional(),
  status: z.enum([
    'waiting_review',
    'rejected',
    'branch',
    'open',
    'ci_failed',
    'blocked',
    'merged',
    'deployed',
    'verified',
    'inconclusive',
    'reverted',
    'failed',
  ]),
  /** The default branch's checkout was dirty: the branch is kept and the user's files were not touched. */
  treeUntouched: z.boolean(),
  reason: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Deployment = z.infer<typeof deployment>;
