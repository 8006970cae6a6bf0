import { type Handler, SelfhealError } from '@selfheal/contracts';

/**
 * validation.run, movement load. Reads the patch with what is needed to judge it.
 * Reads: patch, diagnosis, barredPatch, model, the code base at the patch's base. Writes: nothing.
 * Fails: RECORD_MISSING; PATCH_BARRED for a patch that made things worse before.
 */
export const loadPatch: Handler<'loadPatch'> = async ({ projectId, patchId }, { records, codebase, project }) => {
  const patch = await records.need('patch', patchId);
  const [barred] = await records.list('barredPatch', { where: { projectId, hash: patch.hash }, limit: 1 });
  if (barred !== undefined) throw new SelfhealError('PATCH_BARRED', barred.why, { where: { patch: patchId, hash: patch.hash } });
  const [diagnosis, info, sources, calibration] = await Promise.all([
    records.need('diagnosis', patch.diagnosisId),
    codebase.info(patch.base),
    codebase.snapshot(patch.base),
    records.list('model', { where: { projectId, kind: 'calibration' } }),
  ]);
  return { patch, diagnosis, codebase: info, sources, calibration, policy: project.config.policy };
};
