import { expect, test } from 'vitest';
import { createBranch } from './createBranch.ts';
import { branchNameOf } from './deployment-record.ts';
import { storeFacts } from './testing/facts.ts';
import { load } from './testing/ship.ts';
import { ShippingRig } from './testing/shipping-rig.ts';

test('makes the branch where the patch was proved, though the default branch moved on, and once', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const facts = await storeFacts(rig);
  await rig.write('later.js', 'x');
  const moved = await rig.commitAll('Later');
  const loaded = await load(rig, facts);
  const input = { ...loaded, approval: { required: false, decision: 'approved' as const, by: 'policy', why: 'sure' } };
  const made = await createBranch(input, rig.ports);
  expect(made).toEqual({ branch: branchNameOf(facts.incident, facts.patch), baseBranch: 'main', base: facts.patch.base });
  expect(await createBranch(input, rig.ports)).toEqual(made);
  expect(await rig.git('rev-parse', made.branch)).toBe(facts.patch.base);
  expect([await rig.git('rev-parse', 'main'), await rig.git('status', '--porcelain')]).toEqual([moved, '']);
  expect(await rig.ports.records.need('deployment', loaded.deploymentId)).toMatchObject({
    status: 'branch',
    approval: { decision: 'approved' },
  });
});

test('names are readable, made for git, and of their own for each patch and base', () => {
  const name = (title: string, hash = 'h', base = 'b') => branchNameOf({ type: 'error', title }, { hash, base });
  expect(name('Größe: ../.. ~^ "x" in füll()')).toMatch(/^selfheal\/error-gro-e-x-in-fu-ll-[0-9a-f]{8}$/);
  expect(name('…')).toMatch(/^selfheal\/error-fix-[0-9a-f]{8}$/);
  expect(new Set([name('a'), name('a', 'other'), name('a', 'h', 'other')]).size).toBe(3);
});
