import { z } from 'zod';
import { anomalyType } from './anomaly.ts';
import { verdict } from './deployment.ts';

export const metricSummary = z.object({
  from: z.number(),
  to: z.number(),
  count: z.int(),
  errors: z.int(),
  errorRate: z.number(),
  p50: z.number().optional(),
  p95: z.number().optional(),
  meanMs: z.number().optional(),
  durations: z.array(z.number()).max(512),
  /** Errors of the incident's own fingerprint. */
  incidentErrors: z.int(),
  flowRuns: z.int(),
  flowConforming: z.int(),
  coveredLines: z.int().optional(),
  totalLines: z.int().optional(),
});
export type MetricSummary = z.infer<typeof metricSummary>;

export const metricComparison = z.object({
  metric: z.string(),
  before: z.number(),
  after: z.number(),
  /** Positive is better. */
  improvement: z.number(),
  /** Effect size: Cliff's delta for durations, risk difference for rates. */
  effect: z.number(),
  pValue: z.number().optional(),
  significant: z.boolean(),
  enoughData: z.boolean(),
});
export type MetricComparison = z.infer<typeof metricComparison>;

/** A learned model. `value` by kind: prior {alpha, beta}; threshold {factor}; calibration {bins: [{from, to, right, total}]}. */
export const learnedModel = z.object({
  id: z.string(),
  projectId: z.string(),
  kind: z.enum(['prior', 'threshold', 'calibration', 'baseline', 'flow']),
  /** prior: `class|template`; threshold: `detector|place`; calibration: class; baseline: operation; flow: flow name. */
  key: z.string(),
  value: z.record(z.string(), z.json()),
  updatedAt: z.number(),
});
export type LearnedModel = z.infer<typeof learnedModel>;

/** Each change of a model, so that it can be explained and undone. */
export const modelChange = z.object({
  id: z.string(),
  projectId: z.string(),
  modelId: z.string(),
  kind: learnedModel.shape.kind,
  key: z.string(),
  before: z.record(z.string(), z.json()).optional(),
  after: z.record(z.string(), z.json()),
  why: z.string(),
  incidentId: z.string().optional(),
  undone: z.boolean(),
  createdAt: z.number(),
});
export type ModelChange = z.infer<typeof modelChange>;

export const insight = z.object({
  text: z.string(),
  figures: z.record(z.string(), z.number()),
  kind: z.enum(['outcome', 'template', 'detector', 'calibration', 'recurrence']),
});
export type Insight = z.infer<typeof insight>;

export const effectiveness = z.object({
  id: z.string(),
  projectId: z.string(),
  incidentId: z.string(),
  deploymentId: z.string(),
  type: anomalyType,
  template: z.string(),
  before: metricSummary,
  after: metricSummary,
  comparisons: z.array(metricComparison),
  improvement: z.object({
    performance: z.number().optional(),
    errors: z.number().optional(),
    coverage: z.number().optional(),
    behavioral: z.number().optional(),
  }),
  verdict,
  successful: z.boolean(),
  insights: z.array(insight),
  createdAt: z.number(),
});
export type Effectiveness = z.infer<typeof effectiveness>;
