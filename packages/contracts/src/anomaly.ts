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
  /** `regressed`: an earlier release had it, one in between did not although it would have shown, and now it is back. */
  trend: z.enum(['new', 'regressed', 'rising', 'steady', 'falling']),
  newInRelease: z.string().optional(),
  shareOfCalls: z.number().optional(),
  /** Calls of the same operations, mostly ones that went well, for comparison with the failing examples. */
  calls: z.array(recordedCall).optional(),
});
/** A figure off its usual course that names no place in the code: log patterns, a burnt error budget, an operation's series. Always a finding. */
const signalDetails = z.object({
  type: z.literal('signal'),
  signal: z.enum(['log-patterns', 'objective', 'series']),
  /** What was measured, with its unit: `log lines a minute`, `times the budgeted failure rate`. */
  measure: z.string(),
  expected: z.number(),
  seen: z.number(),
  /** What it is made of, the largest difference first. */
  parts: z.array(z.object({ name: z.string(), expected: z.number(), seen: z.number() })).max(20),
});
export const anomalyDetails = z.discriminatedUnion('type', [
  performanceDetails,
  behavioralDetails,
  coverageDetails,
  errorDetails,
  signalDetails,
]);
export type AnomalyDetails = z.infer<typeof anomalyDetails>;
export type PerformanceDetails = z.infer<typeof performanceDetails>;
export type BehavioralDetails = z.infer<typeof behavioralDetails>;
export type CoverageDetails = z.infer<typeof coverageDetails>;
export type ErrorDetails = z.infer<typeof errorDetails>;
export type SignalDetails = z.infer<typeof signalDetails>;

/** One point of a plot: epoch ms and value. */
const plotPoint = z.tuple([z.number(), z.number()]);
/** What a person would draw to see the anomaly: the same measure before and after, and the level that was expected. */
export const plot = z.object({
  /** With its unit: `median duration, ms`. */
  measure: z.string(),
  before: z.array(plotPoint).max(200),
  after: z.array(plotPoint).max(200),
  expected: z.number().optional(),
});
export type Plot = z.infer<typeof plot>;

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
  /** Absent in what older versions and plugins wrote. */
  plot: plot.optional(),
  /** A finding is reported but opens no incident (see the design on coverage gaps). */
  finding: z.boolean(),
  detectedAt: z.number(),
  window: z.object({ from: z.number(), to: z.number() }),
});
export type Anomaly = z.infer<typeof anomaly>;

/** What was promised for some operations, and how well it was kept in each stretch of time. */
export const objectiveSeries = z.object({
  /** For people; unique within the project. */
  name: z.string(),
  /** The glob that names the operations. */
  operation: z.string(),
  kind: z.enum(['availability', 'latency']),
  /** Share of calls that must be good. */
  target: z.number(),
  /** A call that takes longer is not good. Latency only. */
  thresholdMs: z.number().optional(),
  /** Length of the stretch that the budget is for, ms. */
  periodMs: z.number(),
  /** Oldest first. Calls, and of these the ones that broke the promise. */
  buckets: z.array(z.object({ from: z.number(), to: z.number(), total: z.number(), bad: z.number() })),
  /** Lines of calls that broke it, the newest first. */
  evidence: z.array(evidenceLine).max(5),
});
export type ObjectiveSeries = z.infer<typeof objectiveSeries>;

/** What an operation did in each of many equal stretches of time, over all releases. */
export const operationSeries = z.object({
  operation: z.string(),
  bucketMs: z.number(),
  /** Oldest first, complete stretches only; `typicalMs` is the geometric mean of the durations, null where nothing was timed. */
  rows: z.array(z.object({ start: z.number(), calls: z.int(), errors: z.int(), typicalMs: z.number().nullable() })),
});
export type OperationSeries = z.infer<typeof operationSeries>;

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
  /** Objectives of the configuration with what was seen of them over their own period; absent where none is declared. */
  objectives: z.array(objectiveSeries).optional(),
  /** The busiest operations by fine stretches of time; absent where the window is too short, or stored too coarsely, to have enough of them. */
  operationSeries: z.array(operationSeries).optional(),
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
