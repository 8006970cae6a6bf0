import { z } from 'zod';
import { anomaly, incident } from '../anomaly.ts';
import { codebaseInfo, sourceSnapshot } from '../codebase.ts';
import { impact, issueAnalysis, recommendation } from '../diagnosis.ts';
import { learnedModel } from '../learning.ts';
import { heavy, pure, stageCrew } from './beat.ts';

const analyzeInput = z.object({ anomalies: z.array(anomaly), codebase: codebaseInfo, sources: sourceSnapshot });
const issues = z.object({ issues: z.array(issueAnalysis) });
const issuesByAnalyser = z.object({
  performance: z.array(issueAnalysis),
  behavioral: z.array(issueAnalysis),
  coverage: z.array(issueAnalysis),
  errors: z.array(issueAnalysis),
});
const impacts = z.array(z.object({ anomalyId: z.string(), impact }));
const recommendations = z.array(z.object({ anomalyId: z.string(), recommendations: z.array(recommendation) }));

/** Input of the sequence: `{ projectId, incidentId }`. Each analyser takes the anomalies of its own type and leaves the others. */
export const diagnosisAnalyze = {
  analyzeRequested: pure(
    z.object({ projectId: z.string(), incidentId: z.string() }),
    z.object({ projectId: z.string(), incidentId: z.string() }),
  ),
  loadAnomalies: stageCrew(
    z.object({ projectId: z.string(), incidentId: z.string() }),
    z.object({ incident, anomalies: z.array(anomaly), priors: z.array(learnedModel), minConfidence: z.number() }),
  ),
  loadCodebaseInfo: stageCrew(z.object({ projectId: z.string() }), z.object({ codebase: codebaseInfo, sources: sourceSnapshot })),
  analyzePerformanceIssues: heavy(analyzeInput, issues),
  analyzeBehavioralIssues: heavy(analyzeInput, issues),
  analyzeCoverageIssues: heavy(analyzeInput, issues),
  analyzeErrorIssues: heavy(analyzeInput, issues),
  /** Takes the issues of the four analysers together and hands them on as one list, worst first. */
  assessImpact: heavy(
    z.object({ issues: issuesByAnalyser, anomalies: z.array(anomaly), codebase: codebaseInfo }),
    z.object({ issues: z.array(issueAnalysis), impacts }),
  ),
  recommendFixes: pure(z.object({ issues: z.array(issueAnalysis), impacts, priors: z.array(learnedModel) }), z.object({ recommendations })),
  storeDiagnosis: stageCrew(
    z.object({
      projectId: z.string(),
      incidentId: z.string(),
      codebase: codebaseInfo,
      minConfidence: z.number(),
      issues: z.array(issueAnalysis),
      impacts,
      recommendations,
    }),
    z.object({ diagnosisId: z.string(), abstained: z.string().optional(), confidence: z.number() }),
  ),
  analyzeCompleted: pure(
    z.object({ diagnosisId: z.string(), abstained: z.string().optional(), confidence: z.number(), issues: z.array(issueAnalysis) }),
    z.object({ diagnosisId: z.string(), abstained: z.string().optional(), confidence: z.number(), summary: z.string() }),
  ),
} as const;
