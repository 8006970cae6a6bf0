import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

test('leaves no token that the command prints in the data folder, the records or what people see', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const token = ['ghp', 'CanaryCanaryCanaryCanaryCanary123456'].join('_');
  const password = 'canary-hunter2-Zq81';
  await rig.write('.git/secrets.txt', `pushing with ${token}\nDB_PASSWORD=${password}\n`);
  const shown: string[] = [];
  rig.onHeartbeat = (text) => void shown.push(text);
  const shipped = await mergeFix(rig);
  const failing = deployToProduction(inputOf(shipped, 'cat .git/secrets.txt; exit 1'), rig.ports);
  await expect(failing).rejects.toThrow('pushing with <redacted:token:');
  await failing.catch((error: unknown) => shown.push(String(error)));
  const { deploy } = await deployToProduction(inputOf(shipped, 'cat .git/secrets.txt'), rig.ports);
  expect(deploy.output).toMatch(/^pushing with <redacted:token:\w+>\nDB_PASSWORD=<redacted:password:\w+>\n$/);
  expect(shown.filter((line) => line.startsWith('pushing with <redacted:token:'))).toHaveLength(2);
  const texts = [...shown, JSON.stringify(deploy), ...(await everyFile(join(rig.root, '.selfheal')))];
  for (const text of texts) expect([token, password].filter((secret) => text.includes(secret))).toEqual([]);
});

async function everyFile(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(entries.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
}

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
