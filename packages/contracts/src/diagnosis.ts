import { z } from 'zod';
import { recordedCall } from './aggregate.ts';
import { anomalyType, level } from './anomaly.ts';
import { evidenceLine, stackFrame } from './event.ts';

export const codeLocation = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int().optional(),
  endLine: z.int().optional(),
  function: z.string().optional(),
  functionId: z.string().optional(),
  functionStart: z.int().optional(),
  functionEnd: z.int().optional(),
});
export type CodeLocation = z.infer<typeof codeLocation>;

/** A statement with what it rests on. Facts were observed; a guess is inferred and says so. */
export const citedFact = z.object({
  statement: z.string(),
  kind: z.enum(['log', 'metric', 'code', 'history', 'test']),
  lines: z.array(evidenceLine).optional(),
  at: codeLocation.optional(),
  commit: z.string().optional(),
});
export type CitedFact = z.infer<typeof citedFact>;

/**
 * What kind of defect it is. The first list is the vocabulary of our own analysers and fix templates; a plugin may add others.
 */
export const ROOT_CAUSES = [
  'null-access',
  'missing-await',
  'unguarded-parse',
  'out-of-bounds',
  'invalid-date',
  'renamed-field',
  'wrong-operator',
  'missing-case',
  'wrong-identifier',
  'not-a-function',
  'unhandled-rejection',
  'unguarded-input',
  'sequential-awaits',
  'quadratic-loop',
  'loop-invariant',
  'repeated-pure-call',
  'declared-order-violated',
  'missing-step',
  'extra-step',
  'wrong-timing',
  'unexplained-wait',
  'untested-code',
  'unknown',
] as const;
export const rootCause = z.object({
  /** One of ROOT_CAUSES, or a plugin's own. */
  category: z.string(),
  explanation: z.string(),
  location: codeLocation,
  /** The expression at fault as it stands in the source, where one was found. */
  expression: z.string().optional(),
  confidence: z.number().min(0).max(1),
});
export type RootCause = z.infer<typeof rootCause>;

/** What diagnosis found for one anomaly, before impact and recommendations are added. */
export const issueAnalysis = z.object({
  anomalyId: z.string(),
  type: anomalyType,
  rootCause,
  /** Ranked others, best first. */
  alternatives: z.array(rootCause),
  facts: z.array(citedFact),
  guesses: z.array(z.string()),
  frames: z.array(stackFrame),
  /** Production calls that show the fault (and, for comparison, ones that went well). */
  failingCalls: z.array(recordedCall),
  passingCalls: z.array(recordedCall),
  suspectCommit: z.string().optional(),
  /** Set where the evidence is too weak to act on. */
  abstain: z.string().optional(),
  /** Analyser-specific JSON for the fix templates, e.g. the declared and seen step order. */
  data: z.record(z.string(), z.json()),
});
export type IssueAnalysis = z.infer<typeof issueAnalysis>;

export const impact = z.object({
  severity: level,
  affected: z.object({
    functions: z.array(z.string()),
    callers: z.array(z.string()),
    routes: z.array(z.string()),
    sequences: z.array(z.string()),
  }),
  /** Distinct flows or requests that were hit in the window. */
  affectedCalls: z.int(),
  shareOfCalls: z.number().optional(),
});
export type Impact = z.infer<typeof impact>;

export const recommendation = z.object({
  id: z.string(),
  type: z.enum(['code', 'test', 'sequence', 'documentation']),
  description: z.string(),
  priority: level,
  effort: z.enum(['small', 'medium', 'large']),
  /** What is gained, in words and where possible a figure. */
  benefit: z.string(),
  /** Fix templates that fit, best first. */
  templates: z.array(z.string()),
});
export type Recommendation = z.infer<typeof recommendation>;

export const diagnosis = z.object({
  id: z.string(),
  projectId: z.string(),
  incidentId: z.string(),
  anomalyId: z.string(),
  type: anomalyType,
  commit: z.string(),
  analysis: issueAnalysis,
  impact,
  recommendations: z.array(recommendation),
  confidence: z.number().min(0).max(1),
  abstained: z.string().optional(),
  createdAt: z.number(),
});
export type Diagnosis = z.infer<typeof diagnosis>;
