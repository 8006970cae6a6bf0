import type { Anomaly, Deployment, Incident, IncidentStatus } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { codeOperation } from '../testing/code.ts';
import { flowOf } from '../testing/flows.ts';
import { anomalyOf, deploymentOf } from '../testing/records.ts';
import { START } from '../testing/snapshot.ts';
import { incidentFor, joinOccurrence, reopenedIncident } from './incident.ts';
import { type ClosedFacts, judgeReopening } from './reopening.ts';

const HOUR = 3_600_000;
const DEPLOYED = START + HOUR;

function closed(status: IncidentStatus, parts: Partial<Incident> = {}): Incident {
  return { ...incidentFor(anomalyOf(), START), status, updatedAt: DEPLOYED, ...parts };
}

function judge(incident: Incident, anomaly: Anomaly, facts: Partial<ClosedFacts> = {}) {
  const known: ClosedFacts = {
    anomaly: anomalyOf(),
    deployment: undefined,
    containsFix: undefined,
    diagnosedCommit: undefined,
    headCommit: undefined,
    ...facts,
  };
  return judgeReopening(incident, anomaly, known);
}

function seenAt(lastSeen: number, parts: Partial<Anomaly> = {}): Anomaly {
  return anomalyOf({ ...parts, metrics: { lastSeen, ...parts.metrics } });
}

const deployed: Deployment = deploymentOf({
  mergeCommit: 'fix',
  deploy: { deployed: true, key: 'k', output: '', at: DEPLOYED, durationMs: 1 },
});

describe('what was healed', () => {
  test('stays healed on evidence from before its deploy, however often it is swept', () => {
    expect(judge(closed('healed'), seenAt(DEPLOYED - 1), { deployment: deployed, containsFix: undefined })).toMatchObject({
      reopen: false,
    });
  });

  test('stays healed on late evidence of a release without the fix', () => {
    const late = seenAt(DEPLOYED + HOUR, { release: 'old' });
    expect(judge(closed('healed'), late, { deployment: deployed, containsFix: false }).why).toContain('does not contain the fix');
  });

  test('comes back on newer evidence in a release with the fix, or where no release is told', () => {
    const late = seenAt(DEPLOYED + HOUR, { release: 'new' });
    expect(judge(closed('healed'), late, { deployment: deployed, containsFix: true })).toEqual({
      reopen: true,
      why: 'seen again after the fix, in release new',
    });
    expect(judge(closed('inconclusive'), seenAt(DEPLOYED + HOUR), { deployment: deployed })).toMatchObject({ reopen: true });
  });

  test('counts the watch after the deploy as past', () => {
    const watched = {
      ...deployed,
      verification: {
        verdict: 'verified' as const,
        traffic: 30,
        recurrences: 0,
        before: {},
        after: {},
        detail: '',
        from: DEPLOYED,
        to: DEPLOYED + 60_000,
      },
    };
    expect(judge(closed('healed'), seenAt(DEPLOYED + 30_000), { deployment: watched })).toMatchObject({ reopen: false });
    expect(judge(closed('healed'), seenAt(DEPLOYED + 90_000), { deployment: watched })).toMatchObject({ reopen: true });
  });

  test('that was merged and deployed by others is judged by release only', () => {
    const merged = deploymentOf({ mergeCommit: 'fix' });
    expect(judge(closed('merged'), seenAt(DEPLOYED + HOUR), { deployment: merged })).toMatchObject({ reopen: false });
    expect(judge(closed('merged'), seenAt(DEPLOYED + HOUR, { release: 'new' }), { deployment: merged, containsFix: true })).toMatchObject({
      reopen: true,
    });
  });
});

describe('what was reverted', () => {
  const reverted = deploymentOf({ mergeCommit: 'fix', revertCommit: 'undo', updatedAt: DEPLOYED });

  test('is tried again once the revert is out, but not forever', () => {
    const late = seenAt(DEPLOYED + HOUR, { release: 'undone' });
    expect(judge(closed('reverted'), late, { deployment: reverted, containsFix: true })).toMatchObject({ reopen: true });
    expect(judge(closed('reverted'), seenAt(DEPLOYED - 1), { deployment: reverted, containsFix: true })).toMatchObject({ reopen: false });
    expect(judge(closed('reverted', { generation: 3 }), late, { deployment: reverted, containsFix: true }).why).toContain(
      'a person must look',
    );
  });
});

describe('what was given up', () => {
  test.each(['abstained', 'no_fix', 'invalid', 'rejected'] as const)(
    '%s is looked at again in a newer release or on newer code only',
    (status) => {
      const late = seenAt(DEPLOYED + HOUR);
      expect(judge(closed(status), late)).toMatchObject({ reopen: false });
      expect(judge(closed(status), late, { diagnosedCommit: 'a', headCommit: 'a' })).toMatchObject({ reopen: false });
      expect(judge(closed(status), late, { diagnosedCommit: 'a', headCommit: 'b' })).toMatchObject({ reopen: true });
      expect(judge(closed(status), seenAt(DEPLOYED + HOUR, { release: 'new' }))).toMatchObject({ reopen: true });
    },
  );

  test('waits, and longer each time', () => {
    const soon = seenAt(DEPLOYED + 15 * 60_000, { release: 'new' });
    expect(judge(closed('no_fix'), soon)).toMatchObject({ reopen: true });
    expect(judge(closed('no_fix', { generation: 1 }), soon)).toMatchObject({ reopen: false });
  });

  test('because the run itself failed is tried again without new code', () => {
    expect(judge(closed('failed'), seenAt(DEPLOYED + HOUR))).toMatchObject({ reopen: true });
    expect(judge(closed('failed'), seenAt(DEPLOYED + 1000))).toMatchObject({ reopen: false });
  });
});

describe('what was dismissed', () => {
  test('stays so unless it got much worse', () => {
    const then = anomalyOf({ severity: 'low', metrics: { shareOfCalls: 0.02 } });
    const facts = { anomaly: then };
    const now = DEPLOYED + 10 * HOUR;
    expect(judge(closed('dismissed'), seenAt(now, { severity: 'low', metrics: { shareOfCalls: 0.2 } }), facts)).toMatchObject({
      reopen: false,
    });
    expect(judge(closed('dismissed'), seenAt(now, { severity: 'high', metrics: { shareOfCalls: 0.03 } }), facts)).toMatchObject({
      reopen: false,
    });
    expect(judge(closed('dismissed'), seenAt(now, { severity: 'high', metrics: { shareOfCalls: 0.2 } }), facts)).toEqual({
      reopen: true,
      why: '10.0 times as bad as when it was dismissed',
    });
    expect(judge(closed('dismissed'), seenAt(now, { severity: 'critical' }), { anomaly: undefined })).toMatchObject({ reopen: false });
  });

  test('is weighed by the figure of its kind', () => {
    const slow = {
      type: 'performance' as const,
      operation: 'op',
      expectedMs: 10,
      expectedFrom: 'budget' as const,
      seenMs: 20,
      p50: 20,
      p95: 30,
      p99: 40,
      count: 20,
      slowest: [],
      calls: [],
    };
    const [flow] = flowOf('checkout', 'a', [{ steps: 'a b' }]).variants;
    if (flow === undefined) throw new Error('no variant');
    const order = {
      type: 'behavioral' as const,
      flow: 'checkout',
      deviation: 'order' as const,
      expected: [],
      expectedFrom: 'declared' as const,
      seen: flow,
      steps: [],
    };
    const gap = {
      type: 'coverage' as const,
      operation: 'op',
      function: codeOperation('op'),
      uncoveredLines: [],
      inNewestRelease: false,
      calls: [],
    };
    const worsened: [Anomaly['details'], Anomaly['details']][] = [
      [
        { ...slow, ratio: 2 },
        { ...slow, ratio: 5 },
      ],
      [
        { ...order, share: 0.1 },
        { ...order, share: 0.5 },
      ],
      [
        { ...gap, uses: 10 },
        { ...gap, uses: 90 },
      ],
    ];
    for (const [then, now] of worsened) {
      const facts = { anomaly: anomalyOf({ severity: 'low', details: then }) };
      expect(judge(closed('dismissed'), anomalyOf({ severity: 'high', details: now }), facts)).toMatchObject({ reopen: true });
      expect(judge(closed('dismissed'), anomalyOf({ severity: 'high', details: then }), facts)).toMatchObject({ reopen: false });
    }
  });
});

describe('an incident', () => {
  test('is named by project and fingerprint', () => {
    expect(incidentFor(anomalyOf(), START)).toMatchObject({
      workflowId: 'heal/shop/f1',
      status: 'open',
      generation: 0,
      occurrences: 1,
      firstSeen: START,
    });
    expect(incidentFor(anomalyOf(), START).id).toMatch(/^inc-[0-9a-f]{12}$/);
    expect(incidentFor(anomalyOf(), START).id).toBe(incidentFor(anomalyOf({ id: 'an-other' }), START + 9).id);
  });

  test('joins newer evidence once', () => {
    const first = incidentFor(anomalyOf(), START);
    const later = seenAt(START + HOUR, { id: 'an-2', severity: 'critical' });
    const joined = joinOccurrence(first, later, START + HOUR, true);
    expect(joined).toMatchObject({ occurrences: 2, lastSeen: START + HOUR, anomalyId: 'an-2', severity: 'critical' });
    expect(joinOccurrence(joined, later, START + 2 * HOUR, true)).toBe(joined);
  });

  test('that is closed keeps the anomaly it was closed with', () => {
    const healed = closed('healed');
    expect(joinOccurrence(healed, seenAt(START + HOUR, { id: 'an-2' }), START + HOUR, false)).toEqual({
      ...healed,
      occurrences: 2,
      lastSeen: START + HOUR,
    });
  });

  test('that comes back starts anew', () => {
    const healed = closed('healed', { patchId: 'p', deploymentId: 'd', diagnosisId: 'x' });
    const again = reopenedIncident(healed, seenAt(START + HOUR, { id: 'an-2' }), 'seen again', START + HOUR);
    expect(again).toMatchObject({ status: 'open', generation: 1, anomalyId: 'an-2', reason: 'seen again', id: healed.id });
    expect(again).not.toHaveProperty('patchId');
    expect(again).not.toHaveProperty('deploymentId');
  });
});
