import { expect, test } from 'vitest';
import { deployToProduction } from './deployToProduction.ts';
import { revertDeployment } from './revertDeployment.ts';
import { deploymentOf, load, type Merged, mergeFix } from './testing/ship.ts';
import { CART, DEPLOYED_AT, PROJECT, ShippingRig } from './testing/shipping-rig.ts';

const COMMAND = 'echo "$SELFHEAL_DEPLOY_KEY $SELFHEAL_COMMIT" >> .selfheal/deploys.txt';

const inputOf = ({ loaded, merge, facts }: Merged) => ({
  deploymentId: loaded.deploymentId,
  incident: facts.incident,
  patch: facts.patch,
  merge,
  verification: {
    verdict: 'failed' as const,
    traffic: 5,
    recurrences: 2,
    before: {},
    after: {},
    detail: 'the error came back 2 times',
    from: DEPLOYED_AT,
    to: DEPLOYED_AT + 1,
  },
});

test('reverts, deploys the result, bars the patch and marks the incident, once', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  const { deploymentId } = shipped.loaded;
  await deployToProduction({ deploymentId, merge: shipped.merge, patch: shipped.facts.patch, command: COMMAND }, rig.ports);
  const input = { ...inputOf(shipped), command: COMMAND };
  const reverted = await revertDeployment(input, rig.ports);
  expect(reverted).toEqual({ revertCommit: await rig.git('rev-parse', 'main'), redeployed: true });
  expect(await rig.read('src/cart.js')).toBe(CART);
  expect(await rig.git('log', '-1', '--format=%b')).toContain('the error came back 2 times');
  expect(await revertDeployment(input, rig.ports)).toEqual(reverted);
  const deploys = (await rig.read('.selfheal/deploys.txt')).trim().split('\n');
  expect(deploys).toHaveLength(2);
  expect(deploys[1]).toMatch(new RegExp(`/redeploy ${reverted.revertCommit}$`));
  expect(await deploymentOf(rig, shipped)).toMatchObject({ status: 'reverted', revertCommit: reverted.revertCommit });
  expect(await rig.ports.records.need('incident', 'incident-1')).toMatchObject({
    status: 'reverted',
    reason: 'the error came back 2 times',
  });
  expect(await rig.ports.records.list('barredPatch', { where: { projectId: PROJECT } })).toMatchObject([
    { hash: shipped.facts.patch.hash },
  ]);
  expect((await load(rig, shipped.facts)).barred).toBe(true);
});

test('deploys nothing where the fix was never deployed', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  expect(await revertDeployment({ ...inputOf(shipped), command: COMMAND }, rig.ports)).toMatchObject({ redeployed: false });
  await expect(rig.read('.selfheal/deploys.txt')).rejects.toThrow('ENOENT');
});

test('a dirty tree stops the revert, but the patch is barred', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  await rig.write('src/cart.js', '// mine\n');
  await expect(revertDeployment(inputOf(shipped), rig.ports)).rejects.toMatchObject({ code: 'REPO_DIRTY' });
  expect(await rig.read('src/cart.js')).toBe('// mine\n');
  expect(await rig.ports.records.count('barredPatch')).toBe(1);
});

test('nothing merged is nothing to revert', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  await expect(revertDeployment({ ...inputOf(shipped), merge: { merged: false, treeUpdated: false } }, rig.ports)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
});
