import { beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { storeFacts } from '../deployment.deploy/testing/facts.ts';
import { PROJECT, ShippingRig } from '../deployment.deploy/testing/shipping-rig.ts';
import { loadDeploymentInfo } from './loadDeploymentInfo.ts';
import { deploymentOf, effectOf, modelOf } from './testing/figures.ts';

const request = { projectId: PROJECT, incidentId: 'incident-1', deploymentId: 'dep-1' };

test('gathers the deployment, what it was for, and what may learn from it', async () => {
  await using rig = await ShippingRig.create();
  const facts = await storeFacts(rig);
  const { records } = rig.ports;
  await records.put('deployment', deploymentOf(facts));
  for (const kind of ['prior', 'calibration', 'threshold', 'baseline', 'flow'] as const)
    await records.put('model', modelOf(kind, 'k', { x: 1 }));
  await records.put('model', { ...modelOf('prior', 'other', {}), id: 'other', projectId: 'other' });
  for (const [id, createdAt] of [
    ['eff-old', 1],
    ['eff-new', 9],
    ['eff-dep-1', 5],
  ] as const)
    await records.put('effectiveness', effectOf({ id, createdAt, deploymentId: id.replace('eff-', '') }));
  const loaded = beats.loadDeploymentInfo.output.parse(await loadDeploymentInfo(request, rig.ports));
  expect(loaded).toMatchObject({
    deployment: { id: 'dep-1' },
    anomaly: { id: 'anomaly-1' },
    patch: { id: 'patch-1' },
    validation: { id: 'validation-1' },
  });
  expect(loaded.models.map(({ kind }) => kind).sort()).toEqual(['calibration', 'prior', 'threshold']);
  expect(loaded.history.map(({ id }) => id)).toEqual(['eff-new', 'eff-old']);
});

test('fails where there is no such deployment', async () => {
  await using rig = await ShippingRig.create();
  await storeFacts(rig);
  await expect(loadDeploymentInfo(request, rig.ports)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
});
