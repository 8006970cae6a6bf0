import { z } from 'zod';
import { incident } from '../anomaly.ts';
import { selfhealConfig } from '../config.ts';
import { approval, ciResult, deployResult, pullRequest, verification } from '../deployment.ts';
import { diagnosis } from '../diagnosis.ts';
import { patch } from '../fix.ts';
import { learnedModel } from '../learning.ts';
import { validation } from '../validation.ts';
import { pure, stageCrew } from './beat.ts';

const policy = selfhealConfig.shape.policy;
const decision = z.object({ approved: z.boolean(), by: z.string(), why: z.string(), patchHash: z.string() });
/** What the sequence is asked; `decision` is a person's, bound to the patch hash. */
const request = z.object({
  projectId: z.string(),
  incidentId: z.string(),
  patchId: z.string(),
  validationId: z.string(),
  decision: decision.optional(),
});
const merged = z.object({
  merged: z.boolean(),
  /** The base moved so that the patch no longer fits: it is to be generated anew. */
  outdated: z.boolean().optional(),
  mergeCommit: z.string().optional(),
  treeUpdated: z.boolean(),
  reason: z.string().optional(),
});

/**
 * Input of the sequence: `{ projectId, incidentId, patchId, validationId, decision? }`; `decision` is a person's, bound to the patch hash.
 * `revertDeployment` is the one extra beat: it undoes a fix whose verdict is `failed`. The deployment record is `dep-<patch hash, 16 digits>`,
 * written by each stage-crew beat as it goes.
 */
export const deploymentDeploy = {
  deployRequested: pure(request, request),
  loadValidationResults: stageCrew(
    request,
    z.object({
      incident,
      diagnosis,
      patch,
      validation,
      policy,
      calibration: z.array(learnedModel),
      barred: z.boolean(),
      deploymentId: z.string(),
      repo: z.object({ branch: z.string(), head: z.string(), dirty: z.array(z.string()), checkedOut: z.boolean() }),
      commands: z.object({ ci: z.string(), deploy: z.string().optional() }),
    }),
  ),
  checkApproval: pure(
    z.object({ patch, validation, policy, calibration: z.array(learnedModel), barred: z.boolean(), decision: decision.optional() }),
    z.object({ approval, proceed: z.boolean() }),
  ),
  createBranch: stageCrew(
    z.object({ deploymentId: z.string(), incident, patch, validation, approval, repo: z.object({ branch: z.string(), head: z.string() }) }),
    z.object({ branch: z.string(), baseBranch: z.string(), base: z.string() }),
  ),
  applyChanges: stageCrew(
    z.object({ deploymentId: z.string(), incident, patch, validation, diagnosis, branch: z.string(), base: z.string() }),
    z.object({ commit: z.string() }),
  ),
  createPullRequest: stageCrew(
    z.object({
      deploymentId: z.string(),
      incident,
      diagnosis,
      patch,
      validation,
      calibration: z.array(learnedModel),
      branch: z.string(),
      baseBranch: z.string(),
      commit: z.string(),
    }),
    z.object({ pullRequest }),
  ),
  runCIChecks: stageCrew(z.object({ deploymentId: z.string(), pullRequest, command: z.string() }), z.object({ ci: ciResult })),
  autoMergePR: stageCrew(
    z.object({ deploymentId: z.string(), pullRequest, ci: ciResult, approval, patch, policy, command: z.string() }),
    z.object({ merge: merged }),
  ),
  deployToProduction: stageCrew(
    z.object({ deploymentId: z.string(), merge: merged, command: z.string().optional(), patch }),
    z.object({ deploy: deployResult }),
  ),
  /** Waits (with heartbeats) for new telemetry and judges it. */
  verifyDeployment: stageCrew(
    z.object({ projectId: z.string(), deploymentId: z.string(), incident, diagnosis, patch, merge: merged, deploy: deployResult }),
    z.object({ verification }),
  ),
  revertDeployment: stageCrew(
    z.object({ deploymentId: z.string(), incident, patch, merge: merged, verification, command: z.string().optional() }),
    z.object({ revertCommit: z.string(), redeployed: z.boolean() }),
  ),
  deployCompleted: pure(
    z.object({
      deploymentId: z.string(),
      approval,
      proceed: z.boolean(),
      merge: merged.optional(),
      deploy: deployResult.optional(),
      verification: verification.optional(),
      revertCommit: z.string().optional(),
      ci: ciResult.optional(),
    }),
    z.object({
      deploymentId: z.string(),
      status: z.enum([
        'rejected',
        'waiting_review',
        'ci_failed',
        'blocked',
        'outdated',
        'merged',
        'deployed',
        'verified',
        'inconclusive',
        'reverted',
      ]),
      summary: z.string(),
    }),
  ),
} as const;
