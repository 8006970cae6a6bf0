import type { Handler } from '@selfheal/contracts';

/**
 * fix.generate, movement "store": keeps the patch under its hash; the same patch again is the same record.
 * Reads: the incident. Writes: records (patch, the incident's patch). Failures: STORE_*, RECORD_MISSING.
 */
export const storePatch: Handler<'storePatch'> = async ({ incidentId, patch, syntax }, { records, clock }) => {
  const { record } = await records.insert('patch', { ...patch, syntax, createdAt: clock.now() });
  await records.update('incident', incidentId, (incident) => ({
    ...incident,
    patchId: record.id,
    status: record.syntax.valid ? incident.status : 'no_fix',
    ...(record.syntax.valid ? {} : { reason: `the patch does not compile: ${record.syntax.errors[0]?.message ?? 'unknown'}` }),
    updatedAt: clock.now(),
  }));
  return { patchId: record.id, patchHash: record.hash, valid: record.syntax.valid };
};
