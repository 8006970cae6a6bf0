import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anomaly, Diagnosis } from '@selfheal/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { type DiagnosisRig, diagnosisRig, sampleIncident, shopAnomalies } from './diagnosis-rig.ts';
import { diagnosisAnalyzeHandlers as handlers } from './index.ts';

let rig: DiagnosisRig;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-shop-'));
  const { dir } = await buildShopRepo(join(folder, 'shop'));
  rig = await diagnosisRig(dir);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** All beats of the sequence in order, as its document wires them. */
async function diagnose(anomaly: Anomaly): Promise<{ diagnosis: Diagnosis; summary: string }> {
  const { ports } = rig;
  const incident = sampleIncident(anomaly);
  await ports.records.put('anomaly', anomaly);
  await ports.records.put('incident', incident);
  const { projectId, incidentId } = handlers.analyzeRequested({ projectId: 'shop', incidentId: incident.id });
  const { anomalies, priors, minConfidence } = await handlers.loadAnomalies({ projectId, incidentId }, ports);
  const { codebase, sources } = await handlers.loadCodebaseInfo({ projectId }, ports);
  const found = {
    performance: handlers.analyzePerformanceIssues({ anomalies, codebase, sources }).issues,
    behavioral: handlers.analyzeBehavioralIssues({ anomalies, codebase, sources }).issues,
    coverage: handlers.analyzeCoverageIssues({ anomalies, codebase, sources }).issues,
    errors: handlers.analyzeErrorIssues({ anomalies, codebase, sources }).issues,
  };
  const { issues, impacts } = handlers.assessImpact({ issues: found, anomalies, codebase });
  const { recommendations } = handlers.recommendFixes({ issues, impacts, priors });
  const stored = await handlers.storeDiagnosis({ projectId, incidentId, codebase, minConfidence, issues, impacts, recommendations }, ports);
  const { summary } = handlers.analyzeCompleted({ ...stored, issues });
  return { diagnosis: await ports.records.need('diagnosis', stored.diagnosisId), summary };
}

test('the error is a missing address in the label', async () => {
  const { diagnosis, summary } = await diagnose((await shopAnomalies()).error);
  expect(diagnosis.analysis.rootCause).toMatchObject({
    category: 'null-access',
    expression: 'shipTo.country',
    location: { file: 'src/shipping/label.ts', line: 20, function: 'shippingLabel' },
  });
  expect(diagnosis.analysis.data).toMatchObject({ receiver: 'shipTo', property: 'country', origin: 'array-item' });
  expect(diagnosis.abstained).toBeUndefined();
  expect(diagnosis.confidence).toBeGreaterThan(0.85);
  expect(diagnosis.impact.affected.routes).toEqual(['POST /shipping/labels']);
  expect(diagnosis.analysis.failingCalls[0]?.request?.body).toMatchObject({ addresses: [] });
  const suspect = diagnosis.analysis.facts.find((fact) => fact.commit === diagnosis.analysis.suspectCommit);
  expect(suspect?.statement).toContain('Send parcels to the address that was added last');
  expect(diagnosis.recommendations.map((one) => one.type)).toEqual(['code', 'test']);
  expect(summary).toMatch(/null-access at src\/shipping\/label\.ts:20 in shippingLabel/);
});

test('the slow quote asks the warehouse line by line', async () => {
  const { diagnosis } = await diagnose((await shopAnomalies()).performance);
  expect(diagnosis.analysis.rootCause).toMatchObject({
    category: 'sequential-awaits',
    location: { file: 'src/basket/quote-basket.ts', line: 18 },
  });
  expect(diagnosis.analysis.data).toMatchObject({ loop: 'for-of', loopStart: 18, loopEnd: 21, independent: true });
  expect(diagnosis.analysis.facts.map((fact) => fact.statement).join('\n')).toContain('grows with `lines`');
  expect(diagnosis.abstained).toBeUndefined();
  expect(diagnosis.impact.affected.routes).toEqual(['POST /basket/quote']);
});

test('the checkout charges before it reserves', async () => {
  const { diagnosis } = await diagnose((await shopAnomalies()).behavioral);
  expect(diagnosis.analysis.rootCause).toMatchObject({
    category: 'declared-order-violated',
    location: { file: 'src/checkout/checkout.ts', function: 'checkout' },
  });
  expect(diagnosis.analysis.data.callSites).toHaveLength(7);
  expect(['chargePayment', 'reserveStock']).toContain(diagnosis.analysis.data.moved);
  expect(diagnosis.analysis.suspectCommit).toBeDefined();
  expect(diagnosis.impact.affected.sequences).toEqual(['checkout']);
  expect(diagnosis.confidence).toBeGreaterThan(0.8);
});

test('the loyalty points have no test', async () => {
  const { diagnosis } = await diagnose((await shopAnomalies()).coverage);
  expect(diagnosis.analysis.rootCause).toMatchObject({
    category: 'untested-code',
    location: { file: 'src/loyalty/points.ts', function: 'computeLoyaltyPoints' },
  });
  expect(diagnosis.analysis.passingCalls.length).toBeGreaterThan(3);
  expect(diagnosis.recommendations.map((one) => one.type)).toEqual(['test']);
  expect(diagnosis.impact.severity).toBe('low');
});
