import { expect, it } from 'vitest';
import { fixRig, generateFix } from './fix-rig.ts';
import { diagnosed, files, loaded } from './users-sample.ts';

it('loadDiagnosis adds what is barred for good, and the candidates of barred patches', async () => {
  await using rig = await fixRig(files);
  const diagnosis = await diagnosed(rig);
  const { patch } = await generateFix(rig, diagnosis);
  const { records } = rig.ports;
  await records.put('barredPatch', {
    id: 'b1',
    projectId: 'p1',
    hash: patch?.hash ?? '',
    why: 'worse',
    incidentId: 'other',
    createdAt: 0,
  });
  await records.put('barredPatch', { id: 'b2', projectId: 'p2', hash: 'elsewhere', why: 'worse', incidentId: 'other', createdAt: 0 });
  await records.put('model', {
    id: 'm1',
    projectId: 'p1',
    kind: 'prior',
    key: 'error|guard-null',
    value: { alpha: 9, beta: 1 },
    updatedAt: 0,
  });
  const input = await loaded(rig, diagnosis, ['given']);
  expect(new Set(input.barred)).toEqual(new Set(['given', patch?.hash, patch?.candidate?.id]));
  expect(input.priors.map((prior) => prior.key)).toEqual(['error|guard-null']);
  expect(input.anomaly.id).toBe('a1');
  expect((await records.need('incident', diagnosis.incidentId)).status).toBe('fixing');
  await expect(loaded(rig, { ...diagnosis, id: 'none' })).rejects.toMatchObject({ code: 'RECORD_MISSING' });
});
