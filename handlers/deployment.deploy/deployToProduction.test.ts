import { expect, test } from 'vitest';
import { deployToProduction } from './deployToProduction.ts';
import { deploymentOf, type Merged, mergeFix } from './testing/ship.ts';
import { ShippingRig } from './testing/shipping-rig.ts';

const COMMAND = 'echo "$SELFHEAL_DEPLOY_KEY $SELFHEAL_COMMIT" | tee -a .selfheal/deploys.txt';

const inputOf = ({ loaded, merge, facts }: Merged, command?: string) => ({
  deploymentId: loaded.deploymentId,
  merge,
  patch: facts.patch,
  ...(command === undefined ? {} : { command }),
});

test('deploys the merge under a key of its own, and not again once it ended well', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  const { deploy } = await deployToProduction(inputOf(shipped, COMMAND), rig.ports);
  const key = `${shipped.loaded.deploymentId}@${shipped.facts.patch.base.slice(0, 12)}/deploy`;
  expect(deploy).toMatchObject({ deployed: true, key, command: COMMAND, output: `${key} ${shipped.merge.mergeCommit}\n` });
  expect(await deployToProduction(inputOf(shipped, COMMAND), rig.ports)).toEqual({ deploy });
  expect((await rig.read('.selfheal/deploys.txt')).split('\n')).toHaveLength(2);
  expect(await deploymentOf(rig, shipped)).toMatchObject({ status: 'deployed', deploy: { key } });
});

test('a command that fails leaves the merge, and says what it printed', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const shipped = await mergeFix(rig);
  await expect(deployToProduction(inputOf(shipped, 'echo no host; exit 1'), rig.ports)).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    detail: expect.stringContaining('no host'),
  });
  expect(await deploymentOf(rig, shipped)).toMatchObject({ status: 'merged' });
});

test('deploys nothing without a command, without a merge, or where the policy stops before', async () => {
  await using rig = await ShippingRig.create({ ci: 'true', policy: { stopAfter: 'merge' } });
  const shipped = await mergeFix(rig);
  const said = async (input: Parameters<typeof deployToProduction>[0]) => {
    const { deploy } = await deployToProduction(input, rig.ports);
    expect(deploy.deployed).toBe(false);
    return deploy.output;
  };
  expect(await said(inputOf(shipped))).toBe('no deploy command is set');
  expect(await said(inputOf(shipped, COMMAND))).toBe('the policy stops before the deploy');
  expect(await said({ ...inputOf(shipped, COMMAND), merge: { merged: false, treeUpdated: false } })).toBe('nothing was merged');
});
