import { detectBudgetBurn, detectSlowOperations, detectUnusualSeries } from '@selfheal/anomaly';
import type { Detector, Handler } from '@selfheal/contracts';
import { runDetectors } from './run-detectors.ts';

/** The handler with the detectors given: those of its type run, ours and those of plugins. */
export function createDetectPerformanceAnomalies(detectors: readonly Detector[]): Handler<'detectPerformanceAnomalies'> {
  return ({ snapshot }) => {
    const considered = new Set(snapshot.slices.flatMap(({ operations }) => operations.map(({ operation }) => operation))).size;
    return { ...runDetectors(detectors, 'performance', snapshot), considered };
  };
}

/**
 * Sequence anomaly.detect, movement Detect. Operations more than 50 % over their expected time, beyond what chance explains; as findings,
 * objectives whose budget burns and operations whose course over time changed.
 * Reads: the snapshot. Writes: nothing. Fails: never; a detector that fails is noted.
 */
export const detectPerformanceAnomalies = createDetectPerformanceAnomalies([detectSlowOperations, detectBudgetBurn, detectUnusualSeries]);
