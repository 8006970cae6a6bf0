import { detectErrors } from '@selfheal/anomaly';
import type { Detector, Handler } from '@selfheal/contracts';
import { runDetectors } from './run-detectors.ts';

/** The handler with the detectors given: those of its type run, ours and those of plugins. */
export function createDetectErrorPatterns(detectors: readonly Detector[]): Handler<'detectErrorPatterns'> {
  return ({ snapshot }) => {
    const considered = new Set(snapshot.slices.flatMap(({ errors }) => errors.map(({ fingerprint }) => fingerprint))).size;
    return { ...runDetectors(detectors, 'error', snapshot), considered };
  };
}

/**
 * Sequence anomaly.detect, movement Detect. Errors by cause, with rate, trend and the release that brought them.
 * Reads: the snapshot. Writes: nothing. Fails: never; a detector that fails is noted.
 */
export const detectErrorPatterns = createDetectErrorPatterns([detectErrors]);
