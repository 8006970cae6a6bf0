import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemediationAttempt } from '@selfheal/contracts';
import { openStore, type Store } from '@selfheal/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { learnedExamples } from './learned-examples.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-learned-'));
  store = await openStore({ dataDir: folder });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const attempt = (id: string, changes: Partial<RemediationAttempt>): RemediationAttempt => ({
  id,
  projectId: 'p',
  workflowId: 'w',
  sequence: 's',
  beat: id,
  attempt: 1,
  trigger: 'automatic',
  errorFingerprint: 'f',
  decision: {
    decision: 'RETRY',
    reasoning: `because ${id}`,
    confidence: 0.9,
    patch: { edits: [{ file: 'a.js', search: 'x', replace: 'y' }] },
    proposer: 'models',
  },
  proposals: [],
  calls: [],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  notes: [],
  timings: {},
  result: 'healed',
  detail: 'it runs',
  createdAt: 1,
  expiresAt: 9,
  ...changes,
});

it('are attempts that healed, of the same handler first, then the newest', async () => {
  await store.records.putAll('remediationAttempt', [
    attempt('old-same', { handler: 'sum', createdAt: 1 }),
    attempt('new-other', { handler: 'print', createdAt: 4 }),
    attempt('newer-other', { handler: 'print', createdAt: 5 }),
    attempt('newest-other', { handler: 'print', createdAt: 6 }),
    attempt('failed-same', { handler: 'sum', result: 'retry-failed', createdAt: 7 }),
    attempt('foreign', { projectId: 'q', handler: 'sum', createdAt: 8 }),
  ]);
  const { examples } = await learnedExamples(store.records, 'p', { handler: 'sum' });
  expect(examples).toEqual(
    ['old-same', 'newest-other', 'newer-other'].map((title) => ({
      title,
      error: 'Error: ',
      decision: 'RETRY',
      reasoning: `because ${title}`,
      patch: '[{"file":"a.js","search":"x","replace":"y"}]',
      outcome: 'it runs',
    })),
  );
});

it('are fixes that helped in production, and what was learned of them', async () => {
  const summary = { from: 0, to: 1, count: 1, errors: 0, errorRate: 0, durations: [], incidentErrors: 0, flowRuns: 0, flowConforming: 0 };
  const tracked = {
    projectId: 'p',
    deploymentId: 'd',
    type: 'error' as const,
    template: 't',
    before: summary,
    after: summary,
    comparisons: [],
    improvement: {},
    verdict: 'verified' as const,
    insights: [{ text: 'guards helped', figures: {}, kind: 'outcome' as const }],
  };
  await store.records.putAll('effectiveness', [
    { ...tracked, id: 'e1', incidentId: 'i1', successful: true, createdAt: 1 },
    { ...tracked, id: 'e2', incidentId: 'i2', successful: false, createdAt: 2 },
  ]);
  await store.records.put('incident', {
    id: 'i1',
    projectId: 'p',
    type: 'error',
    fingerprint: 'f',
    title: 'TypeError in sum',
    status: 'healed',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    firstSeen: 0,
    lastSeen: 0,
    anomalyId: 'a',
    workflowId: 'w',
    patchId: 'patch',
    createdAt: 0,
    updatedAt: 0,
  });
  const location = { file: 'a.js', line: 1 };
  await store.records.put('patch', {
    id: 'patch',
    hash: 'h',
    projectId: 'p',
    incidentId: 'i1',
    diagnosisId: 'd',
    type: 'error',
    base: 'b',
    candidate: {
      id: 'c',
      template: 't',
      title: 'guard',
      rationale: 'it may be missing',
      edits: [{ file: 'a.js', search: 'x', replace: 'y' }],
      location,
      prior: 1,
      score: 1,
      proposer: 'templates',
    },
    test: {
      id: 't',
      proof: 'reproduction',
      runner: 'vitest',
      file: 't.js',
      titles: [],
      edits: [],
      target: location,
      source: { events: [], description: '' },
      expectation: '',
    },
    documentation: { edits: [], note: '', touched: [] },
    edits: [],
    diff: '',
    files: [],
    testFiles: [],
    syntax: { valid: true, errors: [] },
    trials: [],
    remaining: 0,
    createdAt: 0,
  });
  expect(await learnedExamples(store.records, 'p', { class: 'error' })).toEqual({
    examples: [
      {
        title: 'guard',
        error: 'TypeError in sum',
        decision: 'RETRY',
        reasoning: 'it may be missing',
        patch: '[{"file":"a.js","search":"x","replace":"y"}]',
        outcome: 'verified',
      },
    ],
    rejected: [],
    insights: ['guards helped'],
  });
});

it('are none where nothing is known of the class', async () => {
  expect(await learnedExamples(store.records, 'p', { class: 'performance' })).toEqual({ examples: [], rejected: [], insights: [] });
});
