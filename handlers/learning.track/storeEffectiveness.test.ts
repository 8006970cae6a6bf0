import { type BeatInput, beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { type Facts, storeFacts } from '../deployment.deploy/testing/facts.ts';
import { PROJECT, ShippingRig } from '../deployment.deploy/testing/shipping-rig.ts';
import { storeEffectiveness } from './storeEffectiveness.ts';
import { outcomeOf, summaryOf } from './testing/figures.ts';
import { updateLearningModels } from './updateLearningModels.ts';

function inputOf(facts: Facts, deploymentId = 'dep-1', patch = facts.patch): BeatInput<'storeEffectiveness'> {
  const learned = beats.updateLearningModels.output.parse(updateLearningModels({ ...outcomeOf(), ...facts, patch }));
  return {
    projectId: PROJECT,
    incidentId: facts.incident.id,
    deploymentId,
    anomaly: facts.anomaly,
    patch,
    before: summaryOf(),
    after: summaryOf(),
    comparisons: [],
    improvement: { errors: 1 },
    successful: true,
    verdict: 'verified',
    insights: [],
    ...learned,
  };
}

test('keeps the outcome and applies what it teaches, once over retries', async () => {
  await using rig = await ShippingRig.create();
  const facts = await storeFacts(rig);
  const { records } = rig.ports;
  const input = inputOf(facts);
  expect(await storeEffectiveness(input, rig.ports)).toEqual({ effectivenessId: 'eff-dep-1' });
  rig.now += 1_000;
  await storeEffectiveness(input, rig.ports);
  expect(await records.need('effectiveness', 'eff-dep-1')).toMatchObject({
    template: 'guard-null',
    type: 'error',
    createdAt: rig.now - 1_000,
    improvement: { errors: 1 },
  });
  expect((await records.need('model', 'cart|prior|error|guard-null')).value).toEqual({ alpha: 2.2, beta: 0.8 });
  expect(await records.count('modelChange')).toBe(2);
  expect((await records.need('incident', 'incident-1')).effectivenessId).toBe('eff-dep-1');
});

test('incidents that learn side by side all count', async () => {
  await using rig = await ShippingRig.create();
  const facts = await storeFacts(rig);
  const { records } = rig.ports;
  const inputs = Array.from({ length: 6 }, (_, at) => inputOf(facts, `dep-${at}`, { ...facts.patch, hash: `hash-${at}` }));
  await Promise.all(inputs.map((input) => storeEffectiveness(input, rig.ports)));
  const { alpha, beta } = (await records.need('model', 'cart|prior|error|guard-null')).value;
  expect([Number(alpha).toFixed(3), Number(beta).toFixed(3)]).toEqual(['7.200', '0.800']);
  expect((await records.need('model', 'cart|calibration|error')).value.bins).toContainEqual({ from: 0.8, to: 0.9, right: 6, total: 6 });
  const changes = await records.list('modelChange', { where: { kind: 'prior' } });
  expect(changes.map(({ after }) => Number(after.alpha).toFixed(1)).sort()).toEqual(['2.2', '3.2', '4.2', '5.2', '6.2', '7.2']);
});

test('all or nothing', async () => {
  await using rig = await ShippingRig.create();
  const facts = await storeFacts(rig);
  await rig.ports.records.remove('incident', ['incident-1']);
  await expect(storeEffectiveness(inputOf(facts), rig.ports)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
  expect(await rig.ports.records.count('model')).toBe(0);
  expect(await rig.ports.records.count('effectiveness')).toBe(0);
});
