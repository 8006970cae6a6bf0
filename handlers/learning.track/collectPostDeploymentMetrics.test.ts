import type { AnomalyType, Deployment } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { failures, requests, runs } from '../deployment.deploy/testing/events.ts';
import { type Facts, storeFacts } from '../deployment.deploy/testing/facts.ts';
import { CART, DEPLOYED_AT, PROJECT, ShippingRig } from '../deployment.deploy/testing/shipping-rig.ts';
import { collectPostDeploymentMetrics } from './collectPostDeploymentMetrics.ts';
import { deploymentOf } from './testing/figures.ts';

const BEFORE = DEPLOYED_AT - 60_000;
const AFTER = DEPLOYED_AT + 2_000;

interface Case {
  readonly rig: ShippingRig;
  readonly facts: Facts;
  readonly faulty: string;
  readonly fixed: string;
}

async function prepare(rig: ShippingRig, type: AnomalyType = 'error'): Promise<Case> {
  const facts = await storeFacts(rig, type);
  await rig.write('src/cart.js', CART.replace('items[0]', 'items?.[0]'));
  return { rig, facts, faulty: facts.patch.base, fixed: await rig.commitAll('Merge the fix') };
}

const collect = ({ rig, facts, fixed }: Case, parts: Partial<Deployment> = {}, now = DEPLOYED_AT + 60_000) =>
  collectPostDeploymentMetrics(
    {
      projectId: PROJECT,
      deployment: deploymentOf(facts, { mergeCommit: fixed, ...parts }),
      anomaly: facts.anomaly,
      patch: facts.patch,
      now,
    },
    rig.ports,
  );

test('before is the window of the fault up to the deploy, after what releases with the fix did since', async () => {
  await using rig = await ShippingRig.create();
  const found = await prepare(rig);
  await rig.ingest([...requests(30, BEFORE, { release: found.faulty }), ...failures(10, BEFORE, { release: found.faulty })]);
  await rig.ingest([
    ...requests(25, AFTER, { release: found.fixed, durations: () => 20 }),
    ...failures(5, AFTER, { release: found.faulty }),
  ]);
  await rig.ingest(requests(7, BEFORE - 100_000, { release: found.faulty }));
  const { before, after } = await collect(found);
  expect(before).toMatchObject({ from: BEFORE, to: DEPLOYED_AT, count: 40, errors: 10, errorRate: 0.25, incidentErrors: 10, p50: 10 });
  expect(before.durations).toHaveLength(40);
  expect(after).toMatchObject({
    from: DEPLOYED_AT,
    to: DEPLOYED_AT + 60_000,
    count: 25,
    errors: 0,
    incidentErrors: 0,
    p50: 20,
    p95: 20,
    meanMs: 20,
  });
});

test('after a revert, only what came before the verdict tells of the fix', async () => {
  await using rig = await ShippingRig.create();
  const found = await prepare(rig);
  await rig.ingest([...failures(4, AFTER, { release: found.fixed }), ...requests(50, AFTER + 30_000, { release: found.fixed })]);
  const verification = {
    verdict: 'failed',
    traffic: 4,
    recurrences: 4,
    before: {},
    after: {},
    detail: '',
    from: DEPLOYED_AT,
    to: AFTER + 10_000,
  } as const;
  const { after } = await collect(found, { revertCommit: 'r', verification });
  expect(after).toMatchObject({ count: 4, incidentErrors: 4, to: AFTER + 10_000 });
});

test('a fix that was not deployed has no after', async () => {
  await using rig = await ShippingRig.create();
  const found = await prepare(rig);
  await rig.ingest([...failures(4, BEFORE), ...requests(50, AFTER)]);
  const { before, after } = await collect(found, { deploy: { deployed: false, key: 'k', output: '', at: DEPLOYED_AT, durationMs: 0 } });
  expect(before.incidentErrors).toBe(4);
  expect(after).toMatchObject({ count: 0, durations: [] });
  expect(after.p50).toBeUndefined();
});

test('counts the runs of a flow that conform', async () => {
  await using rig = await ShippingRig.create();
  const found = await prepare(rig, 'behavioral');
  await rig.ingest([...runs(12, BEFORE, ['charge', 'reserve', 'ship']), ...runs(8, BEFORE + 20_000, ['reserve', 'charge', 'ship'])]);
  await rig.ingest(runs(10, AFTER, ['reserve', 'charge', 'ship']));
  const { before, after } = await collect(found);
  expect([before.flowRuns, before.flowConforming, after.flowRuns, after.flowConforming]).toEqual([20, 8, 10, 10]);
});

test('a test gap is what the verification measured', async () => {
  await using rig = await ShippingRig.create();
  const found = await prepare(rig, 'coverage');
  const figures = { before: { coveredLines: 0, totalLines: 4 }, after: { coveredLines: 4, totalLines: 4 } };
  const verification = { verdict: 'verified', traffic: 4, recurrences: 0, ...figures, detail: '', from: 1, to: 2 } as const;
  const { before, after } = await collect(found, { verification });
  expect([before.coveredLines, after.coveredLines, after.totalLines]).toEqual([0, 4, 4]);
  expect((await collect(found)).after.coveredLines).toBeUndefined();
});
