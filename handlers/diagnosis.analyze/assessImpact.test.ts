import type { Anomaly, IssueAnalysis } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { assessImpact } from './assessImpact.ts';
import { shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode, sampleIssue } from './sample-analysis.ts';

async function assess(anomaly: Anomaly, issue: IssueAnalysis = sampleIssue()) {
  const { codebase } = await sampleCode();
  const { impacts } = assessImpact({
    issues: { errors: [issue], performance: [], behavioral: [], coverage: [] },
    anomalies: [{ ...anomaly, id: issue.anomalyId }],
    codebase,
  });
  const [first] = impacts;
  if (first === undefined) throw new Error('no impact');
  return first.impact;
}

describe('what is affected', () => {
  test('is the function, its callers over any number of calls, their routes and sequences; never tests', async () => {
    const impact = await assess((await shopAnomalies()).error);
    expect(impact.affected).toEqual({
      functions: ['src/orders.js#find@1'],
      callers: ['src/app.js#total@3', 'src/flow.js#settle@3', 'src/app.js#GET /orders/:id@8'].sort(
        (a, b) => impact.affected.callers.indexOf(a) - impact.affected.callers.indexOf(b),
      ),
      routes: ['GET /orders/:id'],
      sequences: ['settle'],
    });
    expect(impact.affected.callers[0]).toBe('src/app.js#total@3');
    expect(impact).toMatchObject({ affectedCalls: 9, shareOfCalls: 0.12 });
  });
});

describe('severity', () => {
  const low: Partial<Anomaly> = { severity: 'low' };

  test('grows with the share of calls, the level of the error and its rate', async () => {
    const { error } = await shopAnomalies();
    if (error.details.type !== 'error') throw new Error('the fixture is no error');
    const { details } = error;
    const rare = await assess({ ...error, ...low, details: { ...details, shareOfCalls: 0.001, ratePerMinute: 0.1, trend: 'steady' } });
    const often = await assess({ ...error, ...low, details: { ...details, shareOfCalls: 0.3, ratePerMinute: 1, trend: 'steady' } });
    const fatal = await assess({
      ...error,
      ...low,
      details: { ...details, shareOfCalls: 0.6, ratePerMinute: 50, trend: 'rising', error: { ...details.error, severity: 'fatal' } },
    });
    expect([rare.severity, often.severity, fatal.severity]).toEqual(['medium', 'high', 'critical']);
  });

  test('is never below what the detector saw', async () => {
    const { coverage } = await shopAnomalies();
    expect((await assess({ ...coverage, severity: 'critical' })).severity).toBe('critical');
  });

  test('of slow operations and flows is judged by how slow, and by what went wrong', async () => {
    const { performance, behavioral } = await shopAnomalies();
    if (performance.details.type !== 'performance' || behavioral.details.type !== 'behavioral') throw new Error('the fixture changed');
    const performanceDetails = performance.details;
    const elsewhere = sampleIssue({
      rootCause: { category: 'x', explanation: '', location: { file: 'src/none.js', line: 1 }, confidence: 0.5 },
    });
    const slow = (ratio: number) => assess({ ...performance, ...low, details: { ...performanceDetails, ratio } }, elsewhere);
    expect([(await slow(1.6)).severity, (await slow(4)).severity, (await slow(12)).severity]).toEqual(['medium', 'medium', 'high']);
    const waiting = await assess(
      { ...behavioral, ...low, details: { ...behavioral.details, deviation: 'waiting', share: 0.05 } },
      elsewhere,
    );
    const order = await assess({ ...behavioral, ...low, details: { ...behavioral.details, deviation: 'order', share: 0.9 } }, elsewhere);
    expect([waiting.severity, order.severity]).toEqual(['medium', 'high']);
  });
});

test('the issues of all analysers come out as one list, worst first; those without an anomaly are dropped', async () => {
  const { error, coverage } = await shopAnomalies();
  const { codebase } = await sampleCode();
  const gap = sampleIssue({ anomalyId: coverage.id, type: 'coverage' });
  const fault = sampleIssue({ anomalyId: error.id });
  const input = { performance: [], behavioral: [sampleIssue({ anomalyId: 'gone' })], coverage: [gap], errors: [fault] };
  const { issues, impacts } = assessImpact({ issues: input, anomalies: [coverage, error], codebase });
  expect(issues.map((issue) => issue.anomalyId)).toEqual(['shop-error', 'shop-coverage']);
  expect(impacts.map((one) => one.anomalyId)).toEqual(['shop-error', 'shop-coverage']);
});
