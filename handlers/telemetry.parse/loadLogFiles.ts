import type { Handler } from '@selfheal/contracts';

/**
 * Sequence telemetry.parse, movement Intake. Reads: the log files from their saved offsets. Writes: the redacted journal, fsynced.
 * Offsets are not moved here, so a run that is lost reads the same stretch again.
 * Fails with LOG_MISSING or LOG_UNREADABLE for paths named themselves, STORE_FULL; what else cannot be used is in `rejected`.
 */
export const loadLogFiles: Handler<'loadLogFiles'> = async ({ projectId, paths, maxBytes }, { sources, beat }) =>
  await sources.pull({
    projectId,
    paths,
    maxBytes,
    signal: beat.signal,
    onProgress: ({ path, lines }) => beat.heartbeat(`${path}: ${lines} lines`),
  });
