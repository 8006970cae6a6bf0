import type { Anomaly, AnomalyDetails, Diagnosis, RecordedCall, TestRunner } from '@selfheal/contracts';
import { indexCodebase } from '../codebase/index-codebase.ts';
import { contextOf, type Fault } from '../templates/template-rig.ts';
import type { TestInput } from './test-context.ts';

export interface Incident extends Fault {
  readonly runner?: TestRunner;
  readonly error?: { type: string; message: string };
  readonly failing?: readonly Partial<RecordedCall>[];
  readonly passing?: readonly Partial<RecordedCall>[];
  readonly details?: AnomalyDetails;
}

/** The input of test generation for a repository with one incident. */
export function testInput(incident: Incident): TestInput {
  const { analysis, sources } = contextOf(incident);
  const meta = { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] };
  const codebase = indexCodebase(sources, { ...meta, ...(incident.runner ? { runner: incident.runner } : {}) });
  const full = {
    ...analysis,
    failingCalls: (incident.failing ?? []).map((call, index) => recorded(call, 'error', index)),
    passingCalls: (incident.passing ?? []).map((call, index) => recorded(call, 'ok', index)),
  };
  const diagnosis: Diagnosis = {
    id: 'd1',
    projectId: 'p1',
    incidentId: 'i1',
    anomalyId: 'a1',
    type: analysis.type,
    commit: sources.commit,
    analysis: full,
    impact: { severity: 'high', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 1 },
    recommendations: [],
    confidence: 0.9,
    createdAt: 0,
  };
  return { diagnosis, anomaly: anomalyOf(incident, analysis.type), codebase, sources };
}

function recorded(call: Partial<RecordedCall>, outcome: RecordedCall['outcome'], index: number): RecordedCall {
  return { operation: 'op', eventId: `${outcome}-${index}`, outcome, ...call };
}

function anomalyOf(incident: Incident, type: Anomaly['type']): Anomaly {
  return {
    id: 'a1',
    projectId: 'p1',
    type,
    detector: 'test',
    fingerprint: 'f1',
    title: 'incident',
    description: '',
    severity: 'high',
    confidence: 0.9,
    place: {},
    metrics: {},
    evidence: [],
    details: incident.details ?? errorDetails(incident.error ?? { type: 'TypeError', message: 'failed' }),
    finding: false,
    detectedAt: 0,
    window: { from: 0, to: 1 },
  };
}

function errorDetails({ type, message }: { type: string; message: string }): AnomalyDetails {
  const evidence = { eventId: 'error-0', source: 'app.log', line: 1, time: 0, text: message };
  const error = {
    fingerprint: 'f1',
    type,
    normalisedMessage: message,
    severity: 'error' as const,
    count: 1,
    operations: {},
    firstSeen: 0,
    lastSeen: 0,
    frames: [],
  };
  return { type: 'error', error: { ...error, examples: [{ evidence, message, frames: [] }] }, ratePerMinute: 1, trend: 'new' };
}
