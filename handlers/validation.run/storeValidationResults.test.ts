import { expect, test } from 'vitest';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { storeValidationResults } from './storeValidationResults.ts';
import { validate, validationRig } from './validation-rig.ts';

test('the verdict is stored once for a patch and its base, and told to the incident', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { validation } = await validate(rig, patch, { testsOnly: true });
  const { id, createdAt, ...verdict } = validation;
  expect(await rig.ports.records.need('incident', 'i1')).toMatchObject({ status: 'validating', validationId: id });

  const checks = verdict.checks.map((check) => (check.name === 'applies' ? { ...check, passed: false } : check));
  const again = await storeValidationResults(
    { projectId: 'p1', incidentId: 'i1', validation: { ...verdict, passed: false, checks } },
    rig.ports,
  );
  expect(again).toEqual({ validationId: id });
  expect(await rig.ports.records.need('validation', id)).toMatchObject({ passed: false, createdAt });
  expect(await rig.ports.records.need('incident', 'i1')).toMatchObject({
    status: 'invalid',
    reason: expect.stringContaining('validation failed: applies'),
  });

  const other = await storeValidationResults(
    { projectId: 'p1', incidentId: 'i1', validation: { ...verdict, base: 'another base' } },
    rig.ports,
  );
  expect(other.validationId).not.toBe(id);
  expect(await rig.ports.records.count('validation')).toBe(2);
});
