import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Anomaly,
  type Diagnosis,
  type FixQuestion,
  type Incident,
  type RegressionTest,
  type SelfhealConfigInput,
  selfhealConfig,
} from '@selfheal/contracts';
import { openStore, type Store } from '@selfheal/store';
import { type ModelBehaviour, startModelServer } from '@selfheal/testkit';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { learnedExamples } from '../ai/learned-examples.ts';
import { openRemediationParts } from '../ai/remediation-parts.ts';
import type { FixProposerParts } from './end-proposal.ts';
import { createFixProposers } from './fix-proposers.ts';
import { settleProposals } from './settle-proposals.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-proposals-'));
  store = await openStore({ dataDir: folder });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const SOURCE = 'export function sum(cart) {\n  return cart.items.total;\n}\n';
const location = { file: 'src/cart.js', line: 2, function: 'sum' };
const anomaly: Anomaly = {
  id: 'a',
  projectId: 'p',
  type: 'error',
  detector: 'd',
  fingerprint: 'f',
  title: 'TypeError in sum',
  description: 'sum fails',
  severity: 'high',
  confidence: 1,
  place: { operation: 'sum', ...location },
  metrics: {},
  evidence: [],
  details: {
    type: 'performance',
    operation: 'sum',
    expectedMs: 1,
    expectedFrom: 'baseline',
    seenMs: 2,
    ratio: 2,
    p50: 2,
    p95: 2,
    p99: 2,
    count: 1,
    slowest: [],
    calls: [],
  },
  finding: false,
  detectedAt: 0,
  window: { from: 0, to: 1 },
};
const diagnosis = (incidentId: string): Diagnosis => ({
  id: 'd',
  projectId: 'p',
  incidentId,
  anomalyId: 'a',
  type: 'error',
  commit: 'c',
  analysis: {
    anomalyId: 'a',
    type: 'error',
    rootCause: { category: 'null-access', explanation: 'cart.items may be missing', location, confidence: 0.9 },
    alternatives: [],
    facts: [],
    guesses: [],
    frames: [],
    failingCalls: [],
    passingCalls: [],
    data: {},
  },
  impact: { severity: 'high', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 1 },
  recommendations: [],
  confidence: 0.9,
  createdAt: 0,
});
const test: RegressionTest = {
  id: 't',
  proof: 'reproduction',
  runner: 'vitest',
  file: 'src/cart.test.js',
  titles: ['an empty cart'],
  edits: [{ file: 'src/cart.test.js', search: '', replace: 'expect(sum({})).toBe(0); // token=ghp_9fQ2mZ7xTb4LwV81cQ2mZ7xTb4LwV81aaaa\n' }],
  target: location,
  source: { events: [], description: '' },
  expectation: 'sum gives 0 for an empty cart.',
};
const ANSWER = {
  decision: 'RETRY',
  reasoning: 'items may be missing',
  confidence: 1,
  edits: [{ file: 'src/cart.js', search: 'cart.items.total', replace: 'cart.items?.total ?? 0' }],
  expectedOutcome: '',
};
const KEY = 'sk-canary-6Hd82kQpLmZx93';

async function incident(id: string): Promise<Incident> {
  const record: Incident = {
    id,
    projectId: 'p',
    type: 'error',
    fingerprint: `f ${id}`,
    title: 'TypeError in sum',
    status: 'fixing',
    severity: 'high',
    generation: 0,
    occurrences: 3,
    firstSeen: 0,
    lastSeen: 0,
    anomalyId: 'a',
    workflowId: 'w',
    createdAt: 0,
    updatedAt: 0,
  };
  await store.records.put('anomaly', anomaly);
  await store.records.put('incident', record);
  return record;
}

/** Proposers over a model that behaves so, for an incident of their own. */
async function setUp(id: string, behave: (index: number) => ModelBehaviour, ai: SelfhealConfigInput['ai'] = {}) {
  const server = await startModelServer((_, index) => behave(index));
  onTestFinished(() => server.close());
  const models = [{ api: 'openai' as const, model: 'gpt-5.1', baseUrl: server.openAiUrl, keyEnv: 'MODEL_KEY', maxOutputTokens: 1_000 }];
  const config = selfhealConfig.parse({ ai: { models, cacheMs: 0, timeoutMs: 3_000, maxRequests: 1, ...ai } });
  const project = { id: 'p', name: 'p', root: folder, dataDir: folder, config, configFile: undefined };
  const parts: FixProposerParts = {
    project,
    records: store.records,
    ai: await openRemediationParts({
      project,
      records: store.records,
      env: { MODEL_KEY: KEY },
      snapshot: async () => ({ commit: 'c', files: { 'src/cart.js': SOURCE }, leftOut: [] }),
      functions: async () => [{ name: 'sum', startLine: 1, endLine: 3 }],
      logs: async () => [],
    }),
  };
  const record = await incident(id);
  const question: FixQuestion = { key: `heal/${id}`, workflowId: 'w', diagnosis: diagnosis(id), test, round: 1, previous: [] };
  return { server, parts, question, record, proposers: createFixProposers(parts) };
}

const { signal } = new AbortController();

it('asks for several answers, keeps each with its cost, and asks nothing twice after a crash', async () => {
  const { proposers, question, server } = await setUp('several', (index) => ({ answer: { ...ANSWER, reasoning: `reason ${index}` } }));
  const round = await proposers.propose(question, signal);
  expect(round?.fixes).toMatchObject([{ model: 'openai/gpt-5.1', edits: ANSWER.edits }, { id: 'heal/several/propose/1.2' }]);
  expect(await createFixProposers((await setUp('several', () => 'die')).parts).propose(question, signal)).toEqual(round);
  expect(server.requests).toHaveLength(2);
  const attempts = await store.records.list('remediationAttempt', { where: { incidentId: 'several' } });
  expect(attempts).toMatchObject([{ sequence: 'fix.generate', result: 'pending', attempt: 1 }, { errorFingerprint: 'f several' }]);
  const [spend] = await store.records.list('aiSpend', { where: { scope: 'incident', key: 'several' } });
  expect(spend?.costUsd).toBeCloseTo(attempts.reduce((sum, { usage }) => sum + usage.costUsd, 0));
  const prompt = server.requests[0]?.body.messages[0]?.content ?? '';
  for (const text of ['cart.items may be missing', 'sum gives 0 for an empty cart.', 'src/cart.test.js, lines 1', 'cart.items.total'])
    expect(prompt).toContain(text);
  expect(JSON.stringify([prompt, attempts])).not.toMatch(/ghp_9fQ2|sk-canary/);
});

it.each<[string, () => ModelBehaviour, SelfhealConfigInput['ai']]>([
  ['is dead', () => ({ status: 503 }), {}],
  ['hangs', () => 'hang', { timeoutMs: 200 }],
  ['dies in the middle', () => 'die', {}],
  ['answers garbage', () => ({ answer: 'I would guard it.' }), {}],
  ['edits what is outside', () => ({ answer: { ...ANSWER, edits: [{ file: '../../etc/passwd', search: 'x', replace: 'y' }] } }), {}],
  ['has no idea', () => ({ answer: { ...ANSWER, decision: 'FAIL', edits: [] } }), {}],
  ['would cost more than is allowed', () => ({ answer: ANSWER }), { incidentLimitUsd: 0.0001 }],
])('brings no fix and no error where the model %s, and tells why', async (name, behave, ai) => {
  const { proposers, question } = await setUp(`bad ${name}`, behave, ai);
  const round = await proposers.propose(question, signal);
  expect(round).toMatchObject({ fixes: [], why: expect.stringMatching(/./) });
  expect(await store.records.count('remediationAttempt', { where: { incidentId: `bad ${name}` } })).toBe(2);
});

it('is not there where models are off, and leaves no trace', async () => {
  const { proposers, question } = await setUp('off', () => 'die', { enabled: false });
  expect(await proposers.propose(question, signal)).toBeUndefined();
  expect(await store.records.count('remediationAttempt', { where: { incidentId: 'off' } })).toBe(0);
});

it('stops when it is told to', async () => {
  const { proposers, question } = await setUp('stopped', () => 'hang');
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await expect(proposers.propose(question, controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('keeps a note for people where nothing can be proved', async () => {
  const { proposers, question } = await setUp('note', () => ({ answer: ANSWER }));
  const { test: _, ...note } = question;
  await proposers.propose(note, signal);
  const attempts = await store.records.list('remediationAttempt', { where: { incidentId: 'note' } });
  expect(attempts).toMatchObject([{ result: 'stopped', detail: expect.stringContaining('note') }]);
});

it('makes examples of what was merged and of what was not, and credits the template once', async () => {
  const { parts, proposers, question, record } = await setUp('settled', (index) => ({
    answer: index === 0 ? ANSWER : { ...ANSWER, edits: [{ ...ANSWER.edits[0], replace: '0' }] },
  }));
  const before = await parts.ai.prompts.find('error', 'ann');
  const round = await proposers.propose(question, signal);
  const [merged, failed] = round?.fixes.toSorted((a, b) => (b.edits[0]?.replace.length ?? 0) - (a.edits[0]?.replace.length ?? 0)) ?? [];
  await proposers.conclude(failed?.id ?? '', 'retry-failed', 'the new test still fails: 0 is not 7');
  await proposers.conclude(merged?.id ?? '', 'pending', 'the new test and all others pass');
  await settleProposals(store.records, { ...record, status: 'waiting_review' }, async () => parts);
  expect(await store.records.need('remediationAttempt', merged?.id ?? '')).toMatchObject({ result: 'pending' });

  const attempt = await store.records.need('remediationAttempt', merged?.id ?? '');
  const edits = [...(merged?.edits ?? [])];
  const candidate = {
    id: attempt.patchHash ?? '',
    template: 'model:x',
    title: '',
    rationale: '',
    edits,
    location,
    prior: 1,
    score: 1,
    proposer: 'models',
  };
  await store.records.put('patch', {
    id: 'patch',
    hash: 'h',
    projectId: 'p',
    incidentId: 'settled',
    diagnosisId: 'd',
    type: 'error',
    base: 'c',
    candidate,
    test,
    documentation: { edits: [], note: '', touched: [] },
    edits,
    diff: '',
    files: [],
    testFiles: [],
    syntax: { valid: true, errors: [] },
    trials: [],
    remaining: 0,
    createdAt: 0,
  });
  const healed: Incident = { ...record, status: 'merged', reason: 'merged as abc', patchId: 'patch' };
  for (let times = 0; times < 2; times += 1) await settleProposals(store.records, healed, async () => parts);
  expect(await store.records.need('remediationAttempt', merged?.id ?? '')).toMatchObject({
    result: 'healed',
    detail: 'merged: merged as abc',
  });
  const { examples, rejected } = await learnedExamples(store.records, 'p', { class: 'error' });
  expect(examples).toMatchObject([{ title: 'TypeError in sum', patch: JSON.stringify(ANSWER.edits), outcome: 'merged: merged as abc' }]);
  expect(rejected).toMatchObject([{ outcome: 'the new test still fails: 0 is not 7' }]);
  const after = await parts.ai.prompts.find('error', 'ann');
  const successes = ({ uses, successRate = 0 }: typeof after) => Math.round(uses * successRate);
  expect([after.uses - before.uses, successes(after) - successes(before)]).toEqual([2, 1]);
});
