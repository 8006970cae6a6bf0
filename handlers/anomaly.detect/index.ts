import {
  detectBudgetBurn,
  detectErrors,
  detectFlowDeviations,
  detectLogPatterns,
  detectSlowOperations,
  detectUncoveredCode,
  detectUnusualSeries,
} from '@selfheal/anomaly';
import type { Detector } from '@selfheal/contracts';
import { aggregateAnomalyResults } from './aggregateAnomalyResults.ts';
import { detectAnomaliesCompleted } from './detectAnomaliesCompleted.ts';
import { detectAnomaliesRequested } from './detectAnomaliesRequested.ts';
import { createDetectBehavioralAnomalies, detectBehavioralAnomalies } from './detectBehavioralAnomalies.ts';
import { createDetectCoverageGaps, detectCoverageGaps } from './detectCoverageGaps.ts';
import { createDetectErrorPatterns, detectErrorPatterns } from './detectErrorPatterns.ts';
import { createDetectPerformanceAnomalies, detectPerformanceAnomalies } from './detectPerformanceAnomalies.ts';
import { loadTelemetryData } from './loadTelemetryData.ts';
import { storeAnomalyResults } from './storeAnomalyResults.ts';

/** The handlers of anomaly.detect by beat name. */
export const anomalyDetectHandlers = {
  detectAnomaliesRequested,
  loadTelemetryData,
  detectPerformanceAnomalies,
  detectBehavioralAnomalies,
  detectCoverageGaps,
  detectErrorPatterns,
  aggregateAnomalyResults,
  storeAnomalyResults,
  detectAnomaliesCompleted,
};

/** As above, with the detectors of plugins beside the built-in ones of their type. */
export function createAnomalyDetectHandlers(pluginDetectors: readonly Detector[]): typeof anomalyDetectHandlers {
  return {
    ...anomalyDetectHandlers,
    detectPerformanceAnomalies: createDetectPerformanceAnomalies([
      detectSlowOperations,
      detectBudgetBurn,
      detectUnusualSeries,
      ...pluginDetectors,
    ]),
    detectBehavioralAnomalies: createDetectBehavioralAnomalies([detectFlowDeviations, detectLogPatterns, ...pluginDetectors]),
    detectCoverageGaps: createDetectCoverageGaps([detectUncoveredCode, ...pluginDetectors]),
    detectErrorPatterns: createDetectErrorPatterns([detectErrors, ...pluginDetectors]),
  };
}
