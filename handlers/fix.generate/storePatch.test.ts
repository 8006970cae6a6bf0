import { beats, type Patch } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { fixRig, generateFix } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';
import { diagnosed, files } from './users-sample.ts';

it('storePatch keeps the first of equal patches', async () => {
  await using rig = await fixRig(files);
  const diagnosis = await diagnosed(rig);
  const { patch, stored } = await generateFix(rig, diagnosis);
  if (!patch || !stored) throw new Error('nothing found');
  const before = await rig.ports.records.need('patch', stored.patchId);
  const draft = beats.createPatch.output.shape.patch.parse(patch);
  const again = await fixGenerateHandlers.storePatch(
    { projectId: 'p1', incidentId: diagnosis.incidentId, patch: draft, syntax: { valid: true, errors: [] } },
    rig.ports,
  );
  expect(again).toEqual(stored);
  expect(await rig.ports.records.list('patch', { where: { projectId: 'p1' } })).toEqual<Patch[]>([before]);
});
