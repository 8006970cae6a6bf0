import { z } from 'zod';
import { errorStats, flowStats, flowVariant, operationStats, recordedCall, telemetrySlice } from './aggregate.ts';
import { codeCoverage, codeOperation, declaredFlow } from './codebase.ts';
import { evidenceLine } from './event.ts';

export const anomalyType = z.enum(['performance', 'behavioral', 'coverage', 'error']);
export type AnomalyType = z.infer<typeof anomalyType>;

export const level = z.enum(['low', 'medium', 'high', 'critical']);
export type Level = z.infer<typeof level>;

/** Where an anomaly shows. File paths are relative to the repository. */
export const place = z.object({
  operation: z.string().optional(),
  handler: z.string().optional(),
  sequence: z.string().optional(),
  step: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
  function: z.string().optional(),
});
export type Place = z.infer<typeof place>;

/** What a detector saw against what it expected: the figures that a person can check. */
const performanceDetails = z.object({
  type: z.literal('performance'),
  operation: z.string(),
  expectedMs: z.number(),
  expectedFrom: z.enum(['budget', 'release', 'window', 'baseline']),
  seenMs: z.number(),
  ratio: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  pValue: z.number().optional(),
  count: z.int(),
  slowest: operationStats.shape.slowest,
  calls: z.array(recordedCall),
  before: z.string().optional().describe('release or window compared with'),
});
const behavioralDetails = z.object({
  type: z.literal('behavioral'),
  flow: z.string(),
  deviation: z.enum(['order', 'missing', 'extra', 'stuck', 'waiting']),
  expected: z.array(z.string()),
  expectedFrom: z.enum(['declared', 'learned']),
  declaredIn: z.string().optional(),
  seen: flowVariant,
  /** Steps concerned: the swapped pair, the missing or extra ones, the stuck one. */
  steps: z.array(z.string()),
  share: z.number(),
  waitMs: z.number().optional(),
});
const coverageDetails = z.object({
  type: z.literal('coverage'),
  operation: z.string(),
  uses: z.int(),
  function: codeOperation,
  uncoveredLines: z.array(z.int()),
  inNewestRelease: z.boolean(),
  calls: z.array(recordedCall),
});
const errorDetails = z.object({
  type: z.literal('error'),
  error: errorStats,
  ratePerMinute: z.number(),
  trend: z.enum(['new', 'rising', 'steady', 'falling']),
  newInRelease: z.string().optional(),
  shareOfCalls: z.number().optional(),
  /** Calls of the same operations, mostly ones that went well, for comparison with the failing examples. */
  calls: z.array(recordedCall).optional(),
});
export const anomalyDetails = z.discriminatedUnion('type', [performanceDetails, behavioralDetails, coverageDetails, errorDetails]);
export type AnomalyDetails = z.infer<typeof anomalyDetails>;
export type PerformanceDetails = z.infer<typeof performanceDetails>;
export type BehavioralDetails = z.infer<typeof behavioralDetails>;
export type CoverageDetails = z.infer<typeof coverageDetails>;
export type ErrorDetails = z.infer<typeof errorDetails>;

export const anomaly = z.object({
  id: z.string(),
  projectId: z.string(),
  type: anomalyType,
  detector: z.string(),
  /** Type + normalised cause + place: one cause has one fingerprint. */
  fingerprint: z.string(),
  title: z.string(),
  description: z.string(),
  severity: level,
  /** 0..1 */
  confidence: z.number().min(0).max(1),
  place,
  release: z.string().optional(),
  metrics: z.record(z.string(), z.number()),
  evidence: z.array(evidenceLine).max(20),
  details: anomalyDetails,
  /** A finding is reported but opens no incident (see the design on coverage gaps). */
  finding: z.boolean(),
  detectedAt: z.number(),
  window: z.object({ from: z.number(), to: z.number() }),
});
export type Anomaly = z.infer<typeof anomaly>;

/** What the detectors read: everything they need, nothing that changes while they run. */
export const telemetrySnapshot = z.object({
  projectId: z.string(),
  now: z.number(),
  window: z.object({ from: z.number(), to: z.number() }),
  /** Oldest first. */
  releases: z.array(
    z.object({
      name: z.string(),
      firstSeen: z.number(),
      lastSeen: z.number(),
      events: z.int(),
      /** Commits that it has and the release before it has not; absent where the names mean nothing to git. */
      brought: z.array(z.string()).optional(),
    }),
  ),
  slices: z.array(telemetrySlice),
  flows: z.array(flowStats),
  /** Which operations ran inside which, by sampled runs: `innerMs` is the mean time of all inner calls of one outer call. */
  nesting: z.array(z.object({ outer: z.string(), inner: z.string(), runs: z.int(), innerMs: z.number() })).optional(),
  /** What could not be had (no coverage, a window cut short), for the notes of the detectors. */
  notes: z.array(z.string()).optional(),
  /** Expected duration in ms by operation, handler or route. */
  budgets: z.record(z.string(), z.number()),
  /** Learned expectations of earlier windows, by operation. */
  baselines: z.array(z.object({ operation: z.string(), release: z.string(), stats: operationStats, until: z.number() })),
  declaredFlows: z.array(declaredFlow),
  learnedFlows: z.array(z.object({ flow: z.string(), steps: z.array(z.string()), runs: z.int(), release: z.string() })),
  codeOperations: z.array(codeOperation),
  coverage: codeCoverage.optional(),
  /** Raised detector thresholds by `detector|place`, learned from dismissals; multiplies the detector's own threshold. */
  thresholds: z.record(z.string(), z.number()),
  policy: z.object({ coverage: z.enum(['find', 'heal']) }),
});
export type TelemetrySnapshot = z.infer<typeof telemetrySnapshot>;

export const incidentStatus = z.enum([
  'open',
  'diagnosing',
  'abstained',
  'fixing',
  'no_fix',
  'validating',
  'invalid',
  'waiting_review',
  'rejected',
  'deploying',
  'merged',
  'verifying',
  'healed',
  'inconclusive',
  'reverted',
  'failed',
  'dismissed',
]);
export type IncidentStatus = z.infer<typeof incidentStatus>;

/** One cause under repair. A second anomaly of the same fingerprint joins it. */
export const incident = z.object({
  id: z.string(),
  projectId: z.string(),
  type: anomalyType,
  fingerprint: z.string(),
  title: z.string(),
  status: incidentStatus,
  severity: level,
  /** How often the cause came back after it was closed. */
  generation: z.int().nonnegative(),
  occurrences: z.int(),
  firstSeen: z.number(),
  lastSeen: z.number(),
  anomalyId: z.string(),
  workflowId: z.string(),
  diagnosisId: z.string().optional(),
  patchId: z.string().optional(),
  validationId: z.string().optional(),
  deploymentId: z.string().optional(),
  effectivenessId: z.string().optional(),
  /** Why it stands where it stands, for a person. */
  reason: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Incident = z.infer<typeof incident>;
