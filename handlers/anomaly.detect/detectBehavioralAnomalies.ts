import { detectFlowDeviations, detectLogPatterns } from '@selfheal/anomaly';
import type { Detector, Handler } from '@selfheal/contracts';
import { runDetectors } from './run-detectors.ts';

/** The handler with the detectors given: those of its type run, ours and those of plugins. */
export function createDetectBehavioralAnomalies(detectors: readonly Detector[]): Handler<'detectBehavioralAnomalies'> {
  return ({ snapshot }) => {
    const considered = new Set(snapshot.flows.map(({ flow }) => flow)).size;
    return { ...runDetectors(detectors, 'behavioral', snapshot), considered };
  };
}

/**
 * Sequence anomaly.detect, movement Detect. Flows with swapped, missing, extra or stuck steps, or waits that nothing explains;
 * and logs with new kinds of warnings, or another mix of lines.
 * Reads: the snapshot. Writes: nothing. Fails: never; a detector that fails is noted.
 */
export const detectBehavioralAnomalies = createDetectBehavioralAnomalies([detectFlowDeviations, detectLogPatterns]);
