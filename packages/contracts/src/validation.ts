import { z } from 'zod';
import { anomalyType } from './anomaly.ts';

export const testStatus = z.enum(['passed', 'failed', 'skipped']);
export const testResult = z.object({
  /** `file > suite > title`: equal over runs. */
  id: z.string(),
  file: z.string(),
  title: z.string(),
  status: testStatus,
  durationMs: z.number().optional(),
  error: z.object({ message: z.string(), stack: z.string().optional() }).optional(),
});
export type TestResult = z.infer<typeof testResult>;

export const check = z.object({ name: z.string(), passed: z.boolean(), required: z.boolean(), detail: z.string() });
export type Check = z.infer<typeof check>;

/** The proof of the incident's class (design, decision 6). */
export const proof = z.object({
  class: anomalyType,
  holds: z.boolean(),
  baseFails: z.boolean().optional(),
  headPasses: z.boolean(),
  /** Coverage class: mutants of the named lines that the test killed. */
  mutants: z.object({ killed: z.int(), total: z.int() }).optional(),
  plantedFailureSeen: z.boolean(),
  detail: z.string(),
});
export type Proof = z.infer<typeof proof>;

export const testComparison = z.object({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  /** Tests other than the new ones whose result differs between base and head. */
  changed: z.array(z.object({ id: z.string(), base: z.string(), head: z.string() })),
  newTests: z.array(testResult),
  /** Tests that gave both results on the same tree. */
  flaky: z.array(z.string()),
  durationMs: z.number(),
});
export type TestComparison = z.infer<typeof testComparison>;

export const coverageCheck = z.object({
  lines: z.number(),
  functions: z.number(),
  branches: z.number(),
  changedLines: z.object({ covered: z.int(), total: z.int(), uncovered: z.array(z.string()) }),
});
export type CoverageCheck = z.infer<typeof coverageCheck>;

export const performanceCheck = z.object({
  improved: z.boolean(),
  slower: z.boolean(),
  /** Share of the baseline's median saved, negative where slower. */
  improvement: z.number(),
  baselineMs: z.number(),
  currentMs: z.number(),
  pValue: z.number(),
  runs: z.int(),
  detail: z.string(),
});
export type PerformanceCheck = z.infer<typeof performanceCheck>;

/** What one run of a growth measurement read, by size of the input, smallest first. */
export const growthReadings = z.object({
  sizes: z.array(z.number().positive()),
  /** Milliseconds of one call by size, a list for each pass. */
  passes: z.array(z.array(z.number().nonnegative())),
  /** Bytes more at the end of the first call of a size, before anything is collected. */
  bytes: z.array(z.number().nonnegative()),
  /** Bytes of the input. */
  input: z.array(z.number().nonnegative()),
});
export type GrowthReadings = z.infer<typeof growthReadings>;

/** How the time and memory of the mended function grow with its input, on the base and with the patch. */
export const growthCheck = z.object({
  /** Absent where no curve could be drawn; `detail` says why. Medians by size. */
  curve: z
    .object({
      sizes: z.array(z.number()),
      baseMs: z.array(z.number()),
      headMs: z.array(z.number()),
      baseBytes: z.array(z.number()),
      headBytes: z.array(z.number()),
      /** Exponent k of time = c * size^k at the upper sizes. */
      baseExponent: z.number(),
      headExponent: z.number(),
      /** Runs of each side. */
      runs: z.int(),
    })
    .optional(),
  /** Time grows faster than on the base. */
  worse: z.boolean(),
  /** Memory is more than ten times that of the base, beyond what an index of the input takes. */
  memoryWorse: z.boolean(),
  detail: z.string(),
  memoryDetail: z.string(),
});
export type GrowthCheck = z.infer<typeof growthCheck>;

export const documentationCheck = z.object({ valid: z.boolean(), errors: z.array(z.string()), checked: z.int() });
export type DocumentationCheck = z.infer<typeof documentationCheck>;

export const integrityViolation = z.object({
  rule: z.enum([
    'test-deleted',
    'test-skipped',
    'assertion-loosened',
    'forbidden-path',
    'too-large',
    'runner-config',
    'new-dependency',
    'binary',
    'symlink',
    'outside-diagnosis',
    'test-api-replaced',
    'process-exit',
  ]),
  file: z.string(),
  line: z.int().optional(),
  detail: z.string(),
});
export type IntegrityViolation = z.infer<typeof integrityViolation>;

export const validation = z.object({
  id: z.string(),
  projectId: z.string(),
  incidentId: z.string(),
  patchId: z.string(),
  patchHash: z.string(),
  base: z.string(),
  passed: z.boolean(),
  checks: z.array(check),
  proof,
  tests: testComparison,
  coverage: coverageCheck.optional(),
  performance: performanceCheck.optional(),
  growth: growthCheck.optional(),
  documentation: documentationCheck,
  integrity: z.object({ valid: z.boolean(), violations: z.array(integrityViolation) }),
  /** 0..1, see learning for its calibration. */
  confidence: z.number().min(0).max(1),
  createdAt: z.number(),
});
export type Validation = z.infer<typeof validation>;
