import { z } from 'zod';
import { anomaly, incident } from '../anomaly.ts';
import { deployment, verdict } from '../deployment.ts';
import { patch } from '../fix.ts';
import { effectiveness, insight, learnedModel, metricComparison, metricSummary, modelChange } from '../learning.ts';
import { validation } from '../validation.ts';
import { pure, stageCrew } from './beat.ts';

const improvement = effectiveness.shape.improvement;

/** Input of the sequence: `{ projectId, incidentId, deploymentId, now }`. */
export const learningTrack = {
  trackRequested: pure(
    z.object({ projectId: z.string(), incidentId: z.string(), deploymentId: z.string(), now: z.number() }),
    z.object({ projectId: z.string(), incidentId: z.string(), deploymentId: z.string(), now: z.number() }),
  ),
  loadDeploymentInfo: stageCrew(
    z.object({ projectId: z.string(), incidentId: z.string(), deploymentId: z.string() }),
    z.object({ deployment, incident, anomaly, patch, validation, models: z.array(learnedModel), history: z.array(effectiveness) }),
  ),
  collectPostDeploymentMetrics: stageCrew(
    z.object({ projectId: z.string(), deployment, anomaly, patch, now: z.number() }),
    z.object({ before: metricSummary, after: metricSummary }),
  ),
  compareMetrics: pure(
    z.object({ anomaly, before: metricSummary, after: metricSummary }),
    z.object({ comparisons: z.array(metricComparison) }),
  ),
  calculateImprovement: pure(
    z.object({ anomaly, comparisons: z.array(metricComparison), before: metricSummary, after: metricSummary }),
    z.object({ improvement }),
  ),
  assessSuccess: pure(
    z.object({ anomaly, deployment, comparisons: z.array(metricComparison), improvement }),
    z.object({ successful: z.boolean(), verdict, why: z.string() }),
  ),
  updateLearningModels: pure(
    z.object({
      projectId: z.string(),
      now: z.number(),
      incident,
      anomaly,
      patch,
      validation,
      models: z.array(learnedModel),
      successful: z.boolean(),
      verdict,
    }),
    z.object({ models: z.array(learnedModel), changes: z.array(modelChange) }),
  ),
  generateInsights: pure(
    z.object({
      anomaly,
      patch,
      improvement,
      comparisons: z.array(metricComparison),
      successful: z.boolean(),
      verdict,
      changes: z.array(modelChange),
      history: z.array(effectiveness),
    }),
    z.object({ insights: z.array(insight) }),
  ),
  storeEffectiveness: stageCrew(
    z.object({
      projectId: z.string(),
      incidentId: z.string(),
      deploymentId: z.string(),
      anomaly,
      patch,
      before: metricSummary,
      after: metricSummary,
      comparisons: z.array(metricComparison),
      improvement,
      successful: z.boolean(),
      verdict,
      insights: z.array(insight),
      models: z.array(learnedModel),
      changes: z.array(modelChange),
    }),
    z.object({ effectivenessId: z.string() }),
  ),
  trackCompleted: pure(
    z.object({ effectivenessId: z.string(), successful: z.boolean(), verdict, why: z.string(), insights: z.array(insight) }),
    z.object({ effectivenessId: z.string(), successful: z.boolean(), verdict, summary: z.string() }),
  ),
} as const;
