import type { Anomaly, Diagnosis, IncidentStatus, Ports } from '@selfheal/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { detectErrorPatterns } from './detectErrorPatterns.ts';
import { storeAnomalyResults } from './storeAnomalyResults.ts';
import { faultySnapshot } from './testing/recorded-snapshots.ts';
import { type WatchedRepository, watchRepository } from './testing/watched-repository.ts';

const HOUR = 3_600_000;
let shop: WatchedRepository;
let ports: Ports;
let anomaly: Anomaly;
let nth = 0;

beforeAll(async () => {
  shop = await watchRepository(buildShopRepo);
  ports = shop.ports;
});
afterAll(async () => await shop[Symbol.asyncDispose]());

/** A cause of its own for each test. */
beforeEach(() => {
  const [found] = detectErrorPatterns({ snapshot: faultySnapshot }).anomalies;
  if (found === undefined) throw new Error('the recorded snapshot shows no error');
  nth += 1;
  anomaly = { ...found, id: `an-${nth}`, fingerprint: `cause-${nth}` };
});

const store = (anomalies: Anomaly[]) => storeAnomalyResults({ projectId: 'shop', anomalies, learned: [] }, ports);

function later(byMs: number, parts: Partial<Anomaly> = {}): Anomaly {
  return {
    ...anomaly,
    id: `${anomaly.id}-later`,
    metrics: { ...anomaly.metrics, lastSeen: (anomaly.metrics.lastSeen ?? 0) + byMs },
    ...parts,
  };
}

async function close(id: string, status: IncidentStatus, parts: { deployedAt?: number; mergeCommit?: string } = {}): Promise<void> {
  if (parts.mergeCommit !== undefined) {
    const deploy =
      parts.deployedAt === undefined ? {} : { deploy: { deployed: true, key: 'k', output: '', at: parts.deployedAt, durationMs: 1 } };
    await ports.records.put('deployment', {
      id: `dep-${id}`,
      projectId: 'shop',
      incidentId: id,
      patchId: 'p',
      patchHash: 'h',
      validationId: 'v',
      branch: 'heal',
      baseBranch: 'main',
      mergeCommit: parts.mergeCommit,
      approval: { required: false, decision: 'approved', by: 'policy', why: '' },
      status: 'deployed',
      treeUntouched: false,
      createdAt: 1,
      updatedAt: 1,
      ...deploy,
    });
  }
  await ports.records.update('incident', id, (incident) => ({ ...incident, status, updatedAt: anomaly.metrics.lastSeen ?? 0 }));
}

async function opened(): Promise<string> {
  const { incidents } = await store([anomaly]);
  return incidents[0]?.id ?? '';
}

test('opens an incident with a workflow named after its cause, once', async () => {
  const first = await store([anomaly]);
  expect(first.incidents).toMatchObject([
    { isNew: true, status: 'open', workflowId: `heal/shop/${anomaly.fingerprint}`, id: expect.stringMatching(/^inc-[0-9a-f]{12}$/) },
  ]);
  const repeated = await store([anomaly]);
  expect(repeated.incidents).toMatchObject([{ isNew: false, status: 'open' }]);
  expect(await ports.records.get('incident', first.incidents[0]?.id ?? '')).toMatchObject({ occurrences: 1, anomalyId: anomaly.id });
  expect(await ports.records.count('anomaly', { where: { fingerprint: anomaly.fingerprint } })).toBe(1);
});

test('two sweeps at once open one incident', async () => {
  const both = await Promise.all([store([anomaly]), store([anomaly])]);
  expect(both.flatMap(({ incidents }) => incidents.filter(({ isNew }) => isNew))).toHaveLength(1);
});

test('newer evidence joins the incident under repair', async () => {
  const id = await opened();
  await ports.records.update('incident', id, (incident) => ({ ...incident, status: 'fixing' }));
  const { incidents } = await store([later(HOUR)]);
  expect(incidents).toMatchObject([{ id, isNew: false, status: 'fixing' }]);
  expect(await ports.records.get('incident', id)).toMatchObject({ occurrences: 2, anomalyId: `${anomaly.id}-later` });
});

test('a finding opens no incident', async () => {
  const { incidents, findings } = await store([{ ...anomaly, finding: true }]);
  expect(incidents).toEqual([]);
  expect(findings).toEqual([anomaly.id]);
  expect(await ports.records.get('anomaly', anomaly.id)).toBeDefined();
});

test('stores what was learned', async () => {
  const model = { id: 'shop|baseline|x', projectId: 'shop', kind: 'baseline' as const, key: 'x', value: {}, updatedAt: 1 };
  expect(await storeAnomalyResults({ projectId: 'shop', anomalies: [], learned: [model] }, ports)).toEqual({
    incidents: [],
    findings: [],
    learned: 1,
  });
  expect(await ports.records.get('model', model.id)).toEqual(model);
});

test('a healed incident stays so on evidence of a release without the fix, by git', async () => {
  const { head } = await ports.forge.state();
  const id = await opened();
  await close(id, 'healed', { mergeCommit: head, deployedAt: anomaly.metrics.lastSeen ?? 0 });
  // v1.4.0 is older than the head; v1.5.0 is the head.
  expect((await store([later(HOUR, { release: 'v1.4.0' })])).incidents).toMatchObject([{ status: 'healed', isNew: false }]);
  expect((await store([later(-1, { release: 'v1.5.0' })])).incidents).toMatchObject([{ status: 'healed' }]);
  expect((await store([later(2 * HOUR, { release: 'v1.5.0' })])).incidents).toMatchObject([{ status: 'open', isNew: false }]);
  expect(await ports.records.get('incident', id)).toMatchObject({ generation: 1, reason: 'seen again after the fix, in release v1.5.0' });
});

test('a dismissed incident stays so, with the anomaly that was dismissed', async () => {
  const id = await opened();
  await close(id, 'dismissed');
  expect((await store([later(HOUR)])).incidents).toMatchObject([{ status: 'dismissed' }]);
  expect(await ports.records.get('incident', id)).toMatchObject({ anomalyId: anomaly.id, occurrences: 2, generation: 0 });
});

test('what was given up comes back on newer code', async () => {
  const id = await opened();
  await close(id, 'no_fix');
  expect((await store([later(HOUR)])).incidents).toMatchObject([{ status: 'no_fix' }]);
  expect((await store([later(2 * HOUR, { release: 'c0ffee' })])).incidents).toMatchObject([{ status: 'open' }]);
});

test('newer code is told by the commit that was diagnosed', async () => {
  const { head } = await ports.forge.state();
  for (const commit of ['0'.repeat(40), head]) {
    const id = await opened();
    const diagnosisId = `diag-${commit}`;
    await ports.records.put('diagnosis', diagnosisOf(diagnosisId, id, commit));
    await close(id, 'abstained');
    await ports.records.update('incident', id, (incident) => ({ ...incident, diagnosisId }));
    expect((await store([later(HOUR)])).incidents).toMatchObject([{ status: commit === head ? 'abstained' : 'open' }]);
    anomaly = { ...anomaly, id: `${anomaly.id}-b`, fingerprint: `${anomaly.fingerprint}-b` };
  }
});

test('an incident that a heal moved meanwhile is not re-opened over its head', async () => {
  const { head } = await ports.forge.state();
  const id = await opened();
  await close(id, 'healed', { mergeCommit: head, deployedAt: anomaly.metrics.lastSeen ?? 0 });
  const forge = new Proxy(ports.forge, {
    get: (real, name) => async (release: string, commit: string) => {
      if (name === 'state') return real.state();
      await ports.records.update('incident', id, (incident) => ({ ...incident, status: 'verifying' }));
      return real.releaseContains(release, commit);
    },
  });
  const moved: Ports = { ...ports, forge };
  const { incidents } = await storeAnomalyResults(
    { projectId: 'shop', anomalies: [later(HOUR, { release: 'v1.5.0' })], learned: [] },
    moved,
  );
  expect(incidents).toMatchObject([{ status: 'verifying' }]);
});

function diagnosisOf(id: string, incidentId: string, commit: string): Diagnosis {
  const rootCause = { category: 'unknown', explanation: '', location: { file: 'src/shipping/label.ts', line: 20 }, confidence: 0.2 };
  return {
    id,
    projectId: 'shop',
    incidentId,
    anomalyId: anomaly.id,
    type: 'error',
    commit,
    analysis: {
      anomalyId: anomaly.id,
      type: 'error',
      rootCause,
      alternatives: [],
      facts: [],
      guesses: [],
      frames: [],
      failingCalls: [],
      passingCalls: [],
      data: {},
    },
    impact: { severity: 'low', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 0 },
    recommendations: [],
    confidence: 0.2,
    abstained: 'too little evidence',
    createdAt: 1,
  };
}
