import { detectUncoveredCode } from '@selfheal/anomaly';
import type { Detector, Handler } from '@selfheal/contracts';
import { runDetectors } from './run-detectors.ts';

/** The handler with the detectors given: those of its type run, ours and those of plugins. */
export function createDetectCoverageGaps(detectors: readonly Detector[]): Handler<'detectCoverageGaps'> {
  return ({ snapshot }) => {
    const considered = new Set(snapshot.codeOperations.map(({ functionId }) => functionId)).size;
    return { ...runDetectors(detectors, 'coverage', snapshot), considered };
  };
}

/**
 * Sequence anomaly.detect, movement Detect. Code that runs in production and that no test covers, the most used first.
 * Reads: the snapshot. Writes: nothing. Fails: never; a detector that fails is noted.
 */
export const detectCoverageGaps = createDetectCoverageGaps([detectUncoveredCode]);
