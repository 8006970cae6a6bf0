import { expect, test } from 'vitest';
import { type DiagnosisRig, diagnosisRig, NOW, sampleIncident, shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode, sampleIssue } from './sample-analysis.ts';
import { storeDiagnosis } from './storeDiagnosis.ts';

async function store(rig: DiagnosisRig, issues = [sampleIssue()], minConfidence = 0.5) {
  const { codebase } = await sampleCode();
  const impacts = issues.map(({ anomalyId }) => ({
    anomalyId,
    impact: { severity: 'critical' as const, affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 3 },
  }));
  const recommendations = issues.map(({ anomalyId }) => ({ anomalyId, recommendations: [] }));
  return storeDiagnosis(
    { projectId: 'shop', incidentId: 'incident-error', codebase, minConfidence, issues, impacts, recommendations },
    rig.ports,
  );
}

async function rigWithIncident(reason?: string): Promise<DiagnosisRig> {
  const rig = await diagnosisRig();
  const { error } = await shopAnomalies();
  await rig.ports.records.put('incident', sampleIncident(error, { status: 'diagnosing', ...(reason === undefined ? {} : { reason }) }));
  return rig;
}

test('the diagnosis is stored and the incident knows it', async () => {
  await using rig = await rigWithIncident('an older reason');
  const { diagnosisId, confidence, abstained } = await store(rig);
  expect([confidence, abstained]).toEqual([0.8, undefined]);
  expect(await rig.ports.records.need('diagnosis', diagnosisId)).toMatchObject({
    incidentId: 'incident-error',
    commit: 'c0ffee',
    confidence: 0.8,
    createdAt: NOW,
  });
  const incident = await rig.ports.records.need('incident', 'incident-error');
  expect(incident).toMatchObject({ status: 'diagnosing', diagnosisId, severity: 'critical', updatedAt: NOW });
  expect(incident.reason).toBeUndefined();
});

test('storing it again changes nothing', async () => {
  await using rig = await rigWithIncident();
  const first = await store(rig);
  expect(await store(rig)).toEqual(first);
  expect(await rig.ports.records.count('diagnosis')).toBe(1);
});

test('low confidence and an analysis that abstains leave the incident abstained, with the reason', async () => {
  await using rig = await rigWithIncident();
  expect((await store(rig, [sampleIssue({ confidence: 0.4 })])).abstained).toBe('confidence 0.40 is below 0.50');
  expect(await rig.ports.records.need('incident', 'incident-error')).toMatchObject({
    status: 'abstained',
    reason: 'confidence 0.40 is below 0.50',
  });
  expect((await store(rig, [sampleIssue({ abstain: 'no in-app frame' })])).abstained).toBe('no in-app frame');
});

test('of several analyses the best that does not abstain is kept', async () => {
  await using rig = await rigWithIncident();
  const issues = [
    sampleIssue({ anomalyId: 'a', confidence: 0.95, abstain: 'ambiguous' }),
    sampleIssue({ anomalyId: 'b', confidence: 0.6 }),
    sampleIssue({ anomalyId: 'c', confidence: 0.7 }),
  ];
  const { diagnosisId } = await store(rig, issues);
  expect((await rig.ports.records.need('diagnosis', diagnosisId)).anomalyId).toBe('c');
});

test('nothing analysed, or no such incident, fails', async () => {
  await using rig = await rigWithIncident();
  await expect(store(rig, [])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await rig.ports.records.remove('incident', ['incident-error']);
  await expect(store(rig)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
  expect(await rig.ports.records.count('diagnosis')).toBe(0);
});
