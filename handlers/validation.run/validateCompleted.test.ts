import { expect, test } from 'vitest';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { validateCompleted } from './validateCompleted.ts';
import { validate, validationRig } from './validation-rig.ts';

test('says what was proved, or which required check failed', async () => {
  await using rig = await validationRig(SHOP);
  const { validation, completed } = await validate(rig, await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT }), {
    testsOnly: true,
  });
  expect(completed).toMatchObject({
    passed: true,
    patchHash: validation.patchHash,
    summary: expect.stringMatching(/^Proved: .+ none changed its result/),
  });
  const checks = validation.checks.map((check, index) => (index === 0 ? { ...check, required: true, passed: false } : check));
  const refused = validateCompleted({ validationId: 'v', validation: { ...validation, passed: false, checks } });
  expect(refused).toMatchObject({ passed: false, summary: expect.stringContaining(`Not proved: ${checks[0]?.name}`) });
});
