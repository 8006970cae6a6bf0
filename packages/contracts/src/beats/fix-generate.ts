import { z } from 'zod';
import { anomaly } from '../anomaly.ts';
import { codebaseInfo, sourceSnapshot } from '../codebase.ts';
import { selfhealConfig } from '../config.ts';
import { diagnosis } from '../diagnosis.ts';
import { candidate, documentationFix, patch, regressionTest, syntaxCheck, trial } from '../fix.ts';
import { learnedModel } from '../learning.ts';
import { heavy, pure, stageCrew } from './beat.ts';

const policy = selfhealConfig.shape.policy;

/**
 * Input of the sequence: `{ projectId, incidentId, diagnosisId, barred }`; `barred` holds patch hashes that validation refused.
 * `searchCandidates` is the one extra beat (design, decision 3): it runs candidates, so it is stage-crew.
 */
export const fixGenerate = {
  generateFixRequested: pure(
    z.object({ projectId: z.string(), incidentId: z.string(), diagnosisId: z.string(), barred: z.array(z.string()).optional() }),
    z.object({ projectId: z.string(), incidentId: z.string(), diagnosisId: z.string(), barred: z.array(z.string()) }),
  ),
  loadDiagnosis: stageCrew(
    z.object({ projectId: z.string(), diagnosisId: z.string(), barred: z.array(z.string()) }),
    z.object({
      diagnosis,
      anomaly,
      codebase: codebaseInfo,
      sources: sourceSnapshot,
      priors: z.array(learnedModel),
      barred: z.array(z.string()),
      policy,
    }),
  ),
  /** Deterministic fixers; candidates ranked best first, at most `policy.maxCandidates`. Empty for coverage. */
  generateCodeFix: heavy(
    z.object({ diagnosis, codebase: codebaseInfo, sources: sourceSnapshot, priors: z.array(learnedModel), policy }),
    z.object({ candidates: z.array(candidate), considered: z.int(), notes: z.array(z.string()) }),
  ),
  /** Regression tests from production data, best first, in the repository's own runner and style. */
  generateTestFix: heavy(
    z.object({ diagnosis, anomaly, codebase: codebaseInfo, sources: sourceSnapshot }),
    z.object({ tests: z.array(regressionTest), notes: z.array(z.string()) }),
  ),
  /**
   * Runs tests on the base (must fail, but for coverage) and candidates against them; finds the first plausible pair. Where no candidate
   * holds, edits are searched for.
   */
  searchCandidates: stageCrew(
    z.object({
      projectId: z.string(),
      diagnosis,
      codebase: codebaseInfo,
      candidates: z.array(candidate),
      tests: z.array(regressionTest),
      barred: z.array(z.string()),
      /** What became of earlier fixes of each kind. Absent in runs of an older document. */
      priors: z.array(learnedModel).optional(),
    }),
    z.object({
      found: z.boolean(),
      candidate: candidate.optional(),
      test: regressionTest.optional(),
      trials: z.array(trial),
      remaining: z.int(),
      why: z.string(),
    }),
  ),
  generateDocumentationFix: heavy(
    z.object({
      diagnosis,
      codebase: codebaseInfo,
      sources: sourceSnapshot,
      candidate: candidate.optional(),
      test: regressionTest,
      trials: z.array(trial),
      policy,
    }),
    z.object({ documentation: documentationFix }),
  ),
  createPatch: heavy(
    z.object({
      diagnosis,
      sources: sourceSnapshot,
      candidate: candidate.optional(),
      test: regressionTest,
      documentation: documentationFix,
      trials: z.array(trial),
      remaining: z.int(),
    }),
    z.object({ patch: patch.omit({ syntax: true, createdAt: true }) }),
  ),
  validateSyntax: heavy(
    z.object({ patch: patch.omit({ syntax: true, createdAt: true }), sources: sourceSnapshot, codebase: codebaseInfo }),
    z.object({ syntax: syntaxCheck }),
  ),
  storePatch: stageCrew(
    z.object({ projectId: z.string(), incidentId: z.string(), patch: patch.omit({ syntax: true, createdAt: true }), syntax: syntaxCheck }),
    z.object({ patchId: z.string(), patchHash: z.string(), valid: z.boolean() }),
  ),
  generateFixCompleted: pure(
    z.object({
      found: z.boolean(),
      why: z.string(),
      patchId: z.string().optional(),
      patchHash: z.string().optional(),
      valid: z.boolean().optional(),
      remaining: z.int(),
    }),
    z.object({
      found: z.boolean(),
      patchId: z.string().optional(),
      patchHash: z.string().optional(),
      remaining: z.int(),
      summary: z.string(),
    }),
  ),
} as const;
