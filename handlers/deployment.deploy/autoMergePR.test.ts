import { expect, test } from 'vitest';
import { autoMergePR } from './autoMergePR.ts';
import { storeFacts } from './testing/facts.ts';
import { deploymentOf, mergeFix, openFix } from './testing/ship.ts';
import { CART, ShippingRig } from './testing/shipping-rig.ts';

test('merges and updates the clean working tree, once', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  expect(shipped.merge).toEqual({ merged: true, mergeCommit: await rig.git('rev-parse', 'main'), treeUpdated: true });
  expect(await rig.read('src/cart.js')).toContain('items?.[0]');
  expect(await deploymentOf(rig, shipped)).toMatchObject({
    status: 'merged',
    mergeCommit: shipped.merge.mergeCommit,
    treeUntouched: false,
    pullRequest: { status: 'merged' },
  });
  expect((await mergeFix(rig, shipped.facts)).merge).toEqual(shipped.merge);
  expect(await rig.git('rev-list', '--count', '--merges', 'main')).toBe('1');
});

test('keeps the branch and the files of a user whose tree is dirty', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const facts = await storeFacts(rig);
  await rig.write('src/cart.js', `${CART}// mine\n`);
  const shipped = await mergeFix(rig, facts);
  expect(shipped.merge).toMatchObject({ merged: false, treeUpdated: false, reason: expect.stringContaining('changed files: src/cart.js') });
  expect(await rig.read('src/cart.js')).toBe(`${CART}// mine\n`);
  expect(await rig.git('rev-parse', 'main')).toBe(facts.patch.base);
  expect(await rig.git('rev-parse', shipped.branched.branch)).toBe(shipped.commit);
  expect(await deploymentOf(rig, shipped)).toMatchObject({ status: 'blocked', treeUntouched: true });
  await rig.git('checkout', '-q', '--', '.');
  expect((await mergeFix(rig, facts)).merge).toMatchObject({ merged: true, treeUpdated: true });
});

test('runs the checks again on a base that moved, and merges nothing where they fail there', async () => {
  await using rig = await ShippingRig.create({ ci: '! grep -q BROKEN -r src && grep -q . src/cart.js' });
  const facts = await storeFacts(rig);
  await rig.write('src/other.js', '// BROKEN\n');
  await rig.commitAll('Break');
  const blocked = await mergeFix(rig, facts);
  expect(blocked.ci.passed).toBe(true);
  expect(blocked.merge).toMatchObject({ merged: false, reason: expect.stringContaining('fail on the result of the merge') });
  await rig.write('src/other.js', '// mended\n');
  await rig.commitAll('Mend');
  expect((await mergeFix(rig, facts)).merge.merged).toBe(true);
  expect(await rig.read('src/other.js')).toBe('// mended\n');
});

test('names a conflict with what came meanwhile', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const facts = await storeFacts(rig);
  await rig.write('src/cart.js', CART.replace('items[0]', 'lines[0]'));
  await rig.commitAll('Rename');
  expect((await mergeFix(rig, facts)).merge).toMatchObject({
    merged: false,
    outdated: true,
    reason: expect.stringContaining('src/cart.js'),
  });
});

test('merges neither what is not approved nor what was not checked', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const { loaded, pullRequest, approval, facts, commit } = await openFix(rig);
  const ci = { passed: true, command: 'true', exitCode: 0, durationMs: 1, output: '', head: commit };
  const input = { ...loaded, pullRequest, ci, approval, patch: facts.patch, command: 'true' };
  const reason = async (parts: Partial<typeof input>) => (await autoMergePR({ ...input, ...parts }, rig.ports)).merge.reason;
  expect(await reason({ approval: { ...approval, decision: 'pending', why: 'unsure' } })).toBe('not approved: unsure');
  expect(await reason({ ci: { ...ci, passed: false, exitCode: 1 } })).toBe('the checks failed: true ended with 1');
  expect(await reason({ ci: { ...ci, head: 'another' } })).toBe(`the checks ran on another, the head is ${commit}`);
  expect(await rig.git('rev-parse', 'main')).toBe(facts.patch.base);
});

test('what may pass by itself is left to the engine to try again', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const { loaded, pullRequest, approval, facts, commit } = await openFix(rig);
  await rig.write('.git/refs/heads/main.lock', '');
  const ci = { passed: true, command: 'true', exitCode: 0, durationMs: 1, output: '', head: commit };
  const input = { ...loaded, pullRequest, ci, approval, patch: facts.patch, command: 'true' };
  await expect(autoMergePR(input, rig.ports)).rejects.toMatchObject({ retryable: true });
});
