import { z } from 'zod';
import { codebaseInfo, sourceSnapshot } from '../codebase.ts';
import { selfhealConfig } from '../config.ts';
import { diagnosis } from '../diagnosis.ts';
import { patch } from '../fix.ts';
import { learnedModel } from '../learning.ts';
import {
  coverageCheck,
  documentationCheck,
  growthCheck,
  integrityViolation,
  performanceCheck,
  proof,
  testComparison,
  validation,
} from '../validation.ts';
import { heavy, pure, stageCrew } from './beat.ts';

const integrity = z.object({ valid: z.boolean(), violations: z.array(integrityViolation) });
const draft = validation.omit({ id: true, createdAt: true });
/** Commits in the repository's object store, on no branch: each beat makes its own checkout of them, none is kept between beats. */
const trees = z.object({ base: z.string(), head: z.string().optional() });

/** Input of the sequence: `{ projectId, incidentId, patchId }`. */
export const validationRun = {
  validateRequested: pure(
    z.object({ projectId: z.string(), incidentId: z.string(), patchId: z.string() }),
    z.object({ projectId: z.string(), incidentId: z.string(), patchId: z.string() }),
  ),
  loadPatch: stageCrew(
    z.object({ projectId: z.string(), patchId: z.string() }),
    z.object({
      patch,
      diagnosis,
      codebase: codebaseInfo,
      sources: sourceSnapshot,
      calibration: z.array(learnedModel),
      policy: selfhealConfig.shape.policy,
    }),
  ),
  /** Commits the patch on its base (deterministic sha, ref under refs/selfheal/) and checks its integrity by AST. `head` is absent where it does not apply. */
  applyPatch: stageCrew(
    z.object({ projectId: z.string(), patch, diagnosis, codebase: codebaseInfo }),
    z.object({ trees, applies: z.boolean(), conflict: z.string().optional(), integrity }),
  ),
  runTests: stageCrew(
    z.object({ projectId: z.string(), patch, codebase: codebaseInfo, trees }),
    z.object({ tests: testComparison, proof }),
  ),
  checkCoverage: stageCrew(
    z.object({ projectId: z.string(), patch, codebase: codebaseInfo, trees }),
    z.object({ coverage: coverageCheck.optional() }),
  ),
  verifyPerformance: stageCrew(
    z.object({ projectId: z.string(), patch, diagnosis, codebase: codebaseInfo, trees }),
    z.object({ performance: performanceCheck.optional(), growth: growthCheck.optional() }),
  ),
  validateDocumentation: heavy(z.object({ patch, sources: sourceSnapshot }), z.object({ documentation: documentationCheck })),
  aggregateValidationResults: pure(
    z.object({
      patch,
      applies: z.boolean(),
      conflict: z.string().optional(),
      integrity,
      tests: testComparison.optional(),
      proof: proof.optional(),
      coverage: coverageCheck.optional(),
      performance: performanceCheck.optional(),
      growth: growthCheck.optional(),
      documentation: documentationCheck,
      diagnosis,
      calibration: z.array(learnedModel),
    }),
    z.object({ validation: draft }),
  ),
  storeValidationResults: stageCrew(
    z.object({ projectId: z.string(), incidentId: z.string(), validation: draft }),
    z.object({ validationId: z.string() }),
  ),
  validateCompleted: pure(
    z.object({ validationId: z.string(), validation: draft }),
    z.object({ validationId: z.string(), passed: z.boolean(), confidence: z.number(), patchHash: z.string(), summary: z.string() }),
  ),
} as const;
