import type { FixTemplate } from '@selfheal/contracts';
import { fixTemplates } from '@selfheal/repair';
import { analyzeBehavioralIssues } from './analyzeBehavioralIssues.ts';
import { analyzeCompleted } from './analyzeCompleted.ts';
import { analyzeCoverageIssues } from './analyzeCoverageIssues.ts';
import { analyzeErrorIssues } from './analyzeErrorIssues.ts';
import { analyzePerformanceIssues } from './analyzePerformanceIssues.ts';
import { analyzeRequested } from './analyzeRequested.ts';
import { assessImpact } from './assessImpact.ts';
import { loadAnomalies } from './loadAnomalies.ts';
import { loadCodebaseInfo } from './loadCodebaseInfo.ts';
import { createRecommendFixes, recommendFixes } from './recommendFixes.ts';
import { storeDiagnosis } from './storeDiagnosis.ts';

/** The handlers of diagnosis.analyze by beat name. */
export const diagnosisAnalyzeHandlers = {
  analyzeRequested,
  loadAnomalies,
  loadCodebaseInfo,
  analyzePerformanceIssues,
  analyzeBehavioralIssues,
  analyzeCoverageIssues,
  analyzeErrorIssues,
  assessImpact,
  recommendFixes,
  storeDiagnosis,
  analyzeCompleted,
};

/** As above, with the fix templates of plugins among the recommendations. */
export function createDiagnosisAnalyzeHandlers(pluginTemplates: readonly FixTemplate[]): typeof diagnosisAnalyzeHandlers {
  return { ...diagnosisAnalyzeHandlers, recommendFixes: createRecommendFixes([...pluginTemplates, ...fixTemplates]) };
}
