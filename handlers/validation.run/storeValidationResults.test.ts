import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
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

test('nothing of a validation is left in the repository', async () => {
  await using rig = await validationRig(SHOP);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: rig.root })).stdout;
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { applied } = await validate(rig, patch, { testsOnly: true });
  expect(applied.trees.head).toMatch(/^[0-9a-f]{40}$/);
  expect(await git('for-each-ref', 'refs/selfheal')).toBe('');
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('worktree', 'list')).not.toContain('\n');
  expect(await readdir(join(rig.ports.project.dataDir, 'sandbox'))).toEqual([]);
});
