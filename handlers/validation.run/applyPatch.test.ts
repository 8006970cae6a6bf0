import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BeatOutput, Diagnosis, Patch } from '@selfheal/contracts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { applyPatch } from './applyPatch.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { type ValidationRig, validationRig } from './validation-rig.ts';

async function apply(
  rig: ValidationRig,
  patch: Patch,
  change: (diagnosis: Diagnosis) => Diagnosis = (one) => one,
): Promise<BeatOutput<'applyPatch'>> {
  const diagnosis = change(await rig.ports.records.need('diagnosis', 'd1'));
  return applyPatch({ projectId: 'p1', patch, diagnosis, codebase: await rig.codebase() }, rig.ports);
}

async function git(rig: ValidationRig, ...args: string[]): Promise<string> {
  return (await execa('git', args, { cwd: rig.root })).stdout;
}

test('makes a commit on no branch, the same each time, and touches no working tree', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const applied = await apply(rig, patch);
  expect(applied).toMatchObject({ applies: true, integrity: { valid: true, violations: [] }, trees: { base: rig.base } });
  const head = applied.trees.head ?? '';
  expect((await apply(rig, patch)).trees.head).toBe(head);
  expect(await git(rig, 'show', '--stat', '--format=%an %P', head)).toMatch(
    /^selfheal [0-9a-f]{40}\n[\s\S]*src\/orders\.js[\s\S]*2 files changed/,
  );
  expect(await git(rig, 'show', `${head}:src/orders.js`)).toContain('if (order.customer == null)');
  expect(await git(rig, 'status', '--porcelain')).toBe('');
  expect(await git(rig, 'branch', '--all', '--contains', head)).toBe('');
  expect(await git(rig, 'for-each-ref', '--contains', head, '--format=%(refname)')).toMatch(/^refs\/selfheal\/\d+-[0-9a-f]+$/);
});

test('tells a conflict instead of failing', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [{ ...GUARD, search: 'not there' }], test: LABEL_TEST, at: LABEL_AT });
  const applied = await apply(rig, patch);
  expect(applied).toMatchObject({ applies: false, trees: { base: rig.base } });
  expect(applied.conflict).toContain('src/orders.js');
  expect(applied.trees.head).toBeUndefined();
});

test('finds what bends the proof or leaves the diagnosis', async () => {
  await using rig = await validationRig(SHOP);
  const elsewhere = { file: 'src/slow.js', search: 'values.indexOf(value)', replace: 'values.lastIndexOf(value)' };
  const skipped = { file: 'test/orders.test.js', search: "test('labels", replace: "test.skip('labels" };
  const patch = await rig.store({ code: [GUARD, elsewhere, skipped], test: LABEL_TEST, at: LABEL_AT });
  const { integrity } = await apply(rig, patch);
  expect(integrity.valid).toBe(false);
  expect(integrity.violations.map(({ rule, file }) => `${rule} ${file}`)).toEqual(
    expect.arrayContaining(['outside-diagnosis src/slow.js', 'test-skipped test/orders.test.js']),
  );

  const alternative = { category: 'x', explanation: '', location: { file: 'src/slow.js', line: 2 }, confidence: 0.2 };
  const wider = await apply(rig, patch, (one) => ({ ...one, analysis: { ...one.analysis, alternatives: [alternative] } }));
  expect(wider.integrity.violations.map(({ rule }) => rule)).not.toContain('outside-diagnosis');
});

test('a coverage patch may touch no production file', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ type: 'coverage', code: [], test: LABEL_TEST, documentation: [GUARD], at: LABEL_AT });
  expect((await apply(rig, patch)).integrity.violations).toMatchObject([{ rule: 'outside-diagnosis', file: 'src/orders.js' }]);
});

test('a link is not followed', async () => {
  await using rig = await validationRig(SHOP);
  await symlink('orders.js', join(rig.root, 'src/link.js'));
  const base = await rig.commit({});
  const patch = await rig.store({
    code: [{ file: 'src/link.js', search: 'orders.js', replace: '/etc/passwd' }],
    test: LABEL_TEST,
    at: { ...LABEL_AT, file: 'src/link.js' },
  });
  const applied = await apply(rig, { ...patch, base });
  expect(applied.applies).toBe(false);
  expect(applied.integrity.violations.map(({ rule }) => rule)).toContain('symlink');
});
