import type { LearnedModel } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { loadPatch } from './loadPatch.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { validationRig } from './validation-rig.ts';

test('reads the patch with all that judges it, as it was at its base', async () => {
  await using rig = await validationRig(SHOP, { policy: { maxChangedLines: 7 } });
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  await rig.commit({ 'src/later.js': 'exports.later = 1;\n' });
  const model: LearnedModel = { id: 'm1', projectId: 'p1', kind: 'calibration', key: 'error', value: { bins: [] }, updatedAt: 1 };
  await rig.ports.records.put('model', model);
  await rig.ports.records.put('model', { ...model, id: 'm2', kind: 'prior' });

  const loaded = await loadPatch({ projectId: 'p1', patchId: patch.id }, rig.ports);
  expect(loaded.patch).toEqual(patch);
  expect(loaded.diagnosis.id).toBe('d1');
  expect(loaded.codebase).toMatchObject({ commit: rig.base, runner: { name: 'node:test' } });
  expect(Object.keys(loaded.sources.files)).toContain('src/orders.js');
  expect(Object.keys(loaded.sources.files)).not.toContain('src/later.js');
  expect(loaded.calibration).toEqual([model]);
  expect(loaded.policy?.maxChangedLines).toBe(7);
});

test('a patch that is barred is not validated again', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  await rig.ports.records.put('barredPatch', {
    id: 'b1',
    projectId: 'p1',
    hash: patch.hash,
    why: 'errors rose',
    incidentId: 'i0',
    createdAt: 1,
  });
  await expect(loadPatch({ projectId: 'p1', patchId: patch.id }, rig.ports)).rejects.toMatchObject({
    code: 'PATCH_BARRED',
    detail: 'errors rose',
  });
  await expect(loadPatch({ projectId: 'p1', patchId: 'none' }, rig.ports)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
});
