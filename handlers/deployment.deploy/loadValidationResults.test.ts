import { beats, type SelfhealConfigInput } from '@selfheal/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { loadValidationResults } from './loadValidationResults.ts';
import { calibrationOf, type Facts, storeFacts } from './testing/facts.ts';
import { PROJECT, ShippingRig } from './testing/shipping-rig.ts';

async function prepare(config: SelfhealConfigInput = { ci: 'npm run check' }): Promise<{ rig: ShippingRig; facts: Facts }> {
  const rig = await ShippingRig.create(config);
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return { rig, facts: await storeFacts(rig) };
}

const load = (rig: ShippingRig, decision?: { approved: boolean; by: string; why: string; patchHash: string }) =>
  loadValidationResults(
    { projectId: PROJECT, incidentId: 'incident-1', patchId: 'patch-1', validationId: 'validation-1', ...(decision ? { decision } : {}) },
    rig.ports,
  );

test('gathers what shipping needs and opens the deployment', async () => {
  const { rig, facts } = await prepare({ ci: 'npm run check', deploy: { command: './deploy' }, policy: { approve: 'review' } });
  await rig.ports.records.put('model', calibrationOf('error', { bins: [] }));
  const loaded = beats.loadValidationResults.output.parse(await load(rig));
  expect(loaded).toMatchObject({
    diagnosis: { id: 'diagnosis-1' },
    barred: false,
    deploymentId: `dep-${facts.patch.hash.slice(0, 16)}`,
    repo: { branch: 'main', head: facts.patch.base, dirty: [], checkedOut: true },
    commands: { ci: 'npm run check', deploy: './deploy' },
    policy: { approve: 'review' },
    calibration: [{ key: 'error' }],
  });
  expect(await rig.ports.records.need('deployment', loaded.deploymentId)).toMatchObject({
    status: 'waiting_review',
    approval: { required: true, decision: 'pending' },
    branch: expect.stringMatching(/^selfheal\/error-typeerror-cannot-read-properties-of-unde-[0-9a-f]{8}$/),
    baseBranch: 'main',
  });
  expect((await rig.ports.records.need('incident', 'incident-1')).deploymentId).toBe(loaded.deploymentId);
});

test('runs the tests as the repository does where no checks are configured', async () => {
  const { rig } = await prepare({});
  expect((await load(rig)).commands).toEqual({ ci: 'node --test' });
});

test('a configured test command is the check where no other is set', async () => {
  const { rig } = await prepare({ test: 'node --test test/' });
  expect((await load(rig)).commands.ci).toBe('node --test test/');
});

test('knows a barred patch', async () => {
  const { rig, facts } = await prepare();
  const { hash } = facts.patch;
  await rig.ports.records.put('barredPatch', { id: 'b', projectId: PROJECT, hash, why: 'worse', incidentId: 'incident-1', createdAt: 1 });
  expect((await load(rig)).barred).toBe(true);
});

test('keeps what a deployment under way has done, and notes a decision on one that waited', async () => {
  const { rig, facts } = await prepare();
  const { deploymentId } = await load(rig);
  const { records } = rig.ports;
  await load(rig, { approved: false, by: 'ann', why: 'no', patchHash: facts.patch.hash });
  expect(await records.need('deployment', deploymentId)).toMatchObject({
    status: 'rejected',
    approval: { decision: 'rejected', by: 'ann' },
  });
  await load(rig, { approved: false, by: 'ann', why: 'no', patchHash: 'another' });
  expect(await records.need('deployment', deploymentId)).toMatchObject({ status: 'waiting_review', approval: { decision: 'pending' } });
  await records.update('deployment', deploymentId, (known) => ({ ...known, status: 'merged', mergeCommit: 'abc' }));
  await load(rig);
  expect(await records.need('deployment', deploymentId)).toMatchObject({ status: 'merged', mergeCommit: 'abc' });
});

test('starts anew where the same patch is needed again on another base', async () => {
  const { rig } = await prepare();
  const { deploymentId } = await load(rig);
  const { records } = rig.ports;
  await records.update('deployment', deploymentId, (known) => ({ ...known, status: 'merged', mergeCommit: 'abc' }));
  await records.update('patch', 'patch-1', (patch) => ({ ...patch, base: 'another-base' }));
  await load(rig);
  const again = await records.need('deployment', deploymentId);
  expect([again.status, again.mergeCommit]).toEqual(['waiting_review', undefined]);
});

test('fails where a record is missing', async () => {
  const { rig } = await prepare();
  await rig.ports.records.remove('validation', ['validation-1']);
  await expect(load(rig)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
});
