import type { Handler } from '@selfheal/contracts';

/**
 * Sequence telemetry.parse, movement Intake. Reads: the journalled segments, the repository's file list and source maps, the saved
 * state of the template miner. Writes nothing. The readers, plugins' in front of the built-in ones, belong to the `sources` port.
 * Fails with REFERENCE_MISSING where a segment's journal is gone.
 */
export const extractTelemetryEvents: Handler<'extractTelemetryEvents'> = async ({ projectId, segments }, { sources, records, beat }) => {
  const extracted = await sources.extract(segments, beat.signal);
  const saved = await records.get('miner', projectId);
  return { ...extracted, miner: saved?.state ?? { version: 0, templates: [] } };
};
