import { z } from 'zod';
import { anomalyType } from './anomaly.ts';
import { testRunnerName } from './codebase.ts';
import { codeLocation } from './diagnosis.ts';

/**
 * One search-and-replace. `search` must occur exactly once in the file; an empty `search` makes a new file of `replace`
 * (the file must not exist). This is the only way a patch travels as data; a unified diff is made from it.
 */
export const edit = z.object({ file: z.string(), search: z.string(), replace: z.string() });
export type Edit = z.infer<typeof edit>;

export const candidate = z.object({
  /** Hash of the edits: equal patches are one candidate. */
  id: z.string(),
  template: z.string(),
  title: z.string(),
  /** Why this might be right, for a reviewer. */
  rationale: z.string(),
  edits: z.array(edit),
  location: codeLocation,
  /** Probability by the template's learned prior, 0..1. */
  prior: z.number(),
  /** Ranking score (prior x location x naturalness), 0..1. */
  score: z.number(),
  /** Who proposed it: `templates` or `search` for ours, `models` for a model. */
  proposer: z.string(),
  /** The model that proposed it, by the name that the configuration gives it. Such a patch never merges without a person. */
  model: z.string().optional(),
});
export type Candidate = z.infer<typeof candidate>;

export const regressionTest = z.object({
  id: z.string(),
  /** reproduction: error or wrong value; growth: operation counts; order: step order; coverage: values of untested code. */
  proof: z.enum(['reproduction', 'growth', 'order', 'coverage']),
  runner: testRunnerName,
  file: z.string(),
  /** Full titles of the tests it adds. */
  titles: z.array(z.string()),
  edits: z.array(edit),
  target: codeLocation,
  /** What it was made from: event ids, and in words. */
  source: z.object({ events: z.array(z.string()), description: z.string() }),
  /** What it asserts, in words. */
  expectation: z.string(),
  /** The error that it must show on the base, where it reproduces one that code throws. */
  reproduces: z.object({ type: z.string(), message: z.string() }).optional(),
  /**
   * Where expected values are not known from production: edits of a test that fails with `SELFHEAL-PROBE <JSON>` as its message, an
   * object with one value for each slot. The search runs it on the base and puts the values, as literals, in place of the slot names.
   */
  probe: z.object({ edits: z.array(edit), slots: z.array(z.string()) }).optional(),
  /**
   * Where the size of the input of slow code can be chosen: a test, never part of a patch, that calls it with inputs of growing sizes and
   * fails with `SELFHEAL-PROBE <JSON> END`, the JSON being the growthReadings.
   */
  growth: z.object({ file: z.string(), edits: z.array(edit) }).optional(),
});
export type RegressionTest = z.infer<typeof regressionTest>;

/** What running a candidate with a regression test showed. */
export const trial = z.object({
  candidateId: z.string(),
  testId: z.string(),
  plausible: z.boolean(),
  /** Tests that failed with the candidate in place (ids), first few. */
  failed: z.array(z.string()),
  durationMs: z.number(),
  why: z.string(),
});
export type Trial = z.infer<typeof trial>;

export const documentationFix = z.object({
  edits: z.array(edit),
  /** Markdown for the pull request and the store. */
  note: z.string(),
  touched: z.array(z.string()),
});
export type DocumentationFix = z.infer<typeof documentationFix>;

export const syntaxCheck = z.object({
  valid: z.boolean(),
  errors: z.array(z.object({ file: z.string(), line: z.int(), column: z.int(), message: z.string() })),
});
export type SyntaxCheck = z.infer<typeof syntaxCheck>;

export const patch = z.object({
  id: z.string(),
  /** SHA-256 over the sorted edits: what approvals are bound to and what is barred after a revert. */
  hash: z.string(),
  projectId: z.string(),
  incidentId: z.string(),
  diagnosisId: z.string(),
  type: anomalyType,
  base: z.string(),
  candidate: candidate.optional().describe('absent for coverage: no production code changes'),
  test: regressionTest,
  documentation: documentationFix,
  /** All edits: code, test, documentation. */
  edits: z.array(edit),
  diff: z.string(),
  files: z.array(z.string()),
  testFiles: z.array(z.string()),
  syntax: syntaxCheck,
  trials: z.array(trial),
  /** Candidates tried and still unproved, best first: the next attempt takes the first. */
  remaining: z.int(),
  createdAt: z.number(),
});
export type Patch = z.infer<typeof patch>;
