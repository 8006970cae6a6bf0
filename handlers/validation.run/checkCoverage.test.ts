import { expect, test } from 'vitest';
import { checkCoverage } from './checkCoverage.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { validate, validationRig } from './validation-rig.ts';

test('counts the changed lines that tests run, and says nothing of a patch that does not apply', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const codebase = await rig.codebase();
  expect(await checkCoverage({ projectId: 'p1', patch, codebase, trees: { base: rig.base } }, rig.ports)).toEqual({});
  const { applied } = await validate(rig, patch, { testsOnly: true });
  const { coverage } = await checkCoverage({ projectId: 'p1', patch, codebase, trees: applied.trees }, rig.ports);
  expect(coverage?.changedLines).toMatchObject({ covered: coverage?.changedLines.total, uncovered: [] });
  expect(coverage?.changedLines.total).toBeGreaterThan(0);
});
