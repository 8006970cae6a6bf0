import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCall, RemediationAttempt } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { expect, it, onTestFinished } from 'vitest';
import { attemptsReport } from './attempts-report.ts';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

const call = (durationMs: number, more: Partial<ModelCall> = {}): ModelCall => ({
  provider: 'openai',
  model: 'gpt-5.1',
  purpose: 'decision',
  outcome: 'answered',
  startedAt: NOW,
  durationMs,
  inputTokens: 100,
  outputTokens: 10,
  costUsd: 0.01,
  requests: 1,
  ...more,
});
const attempt = (id: string, changes: Partial<RemediationAttempt>): RemediationAttempt => ({
  id,
  projectId: 'p',
  workflowId: 'w',
  sequence: 's',
  beat: 'b',
  attempt: 1,
  trigger: 'automatic',
  errorFingerprint: 'f',
  decision: { decision: 'RETRY', reasoning: 'r', confidence: 1, proposer: 'models', model: 'house' },
  proposals: [],
  calls: [],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  notes: [],
  timings: {},
  result: 'retry-failed',
  detail: '',
  createdAt: NOW - 1,
  expiresAt: NOW,
  ...changes,
});

it('counts results, decisions, times and costs of the span, and warns of what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-attempts-report-'));
  const { records, close } = await openStore({ dataDir: folder });
  onTestFinished(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });
  const request = { projectId: 'p', monthlyLimitUsd: 10, now: NOW, spanMs: 30 * DAY };
  const empty = await attemptsReport(records, request);
  expect(empty).toMatchObject({ attempts: 0, successRate: undefined, models: [], warnings: [], month: { costUsd: 0, limitUsd: 10 } });

  const escalated = { decision: 'ESCALATE' as const, reasoning: 'r', confidence: 1, proposer: 'last-word' };
  await records.putAll('remediationAttempt', [
    attempt('healed', { result: 'healed', calls: [call(100), call(300), call(0, { outcome: 'cached', costUsd: 0 })] }),
    ...Array.from({ length: 10 }, (_, index) => attempt(`failed ${index}`, { calls: [call(200, { outcome: 'failed' })] })),
    attempt('escalated', { result: 'escalated', decision: escalated }),
    attempt('long ago', { createdAt: NOW - 31 * DAY }),
    attempt('of others', { projectId: 'q' }),
  ]);
  const spend = { projectId: 'p', reservedUsd: 0, inputTokens: 0, outputTokens: 0, calls: 1, updatedAt: NOW };
  await records.put('aiSpend', { ...spend, id: 'm', scope: 'month', key: '2026-11', costUsd: 9 });
  const report = await attemptsReport(records, request);
  expect(report).toMatchObject({
    attempts: 12,
    results: { healed: 1, 'retry-failed': 10, escalated: 1 },
    decisions: { RETRY: 11, ESCALATE: 1 },
    successRate: 1 / 11,
    proposers: [
      { proposer: 'house', decided: 11, tested: 11, healed: 1 },
      { proposer: 'last-word', decided: 1, tested: 0, healed: 0 },
    ],
    models: [
      {
        model: 'openai/gpt-5.1',
        calls: 13,
        failed: 10,
        meanMs: 200,
        p95Ms: expect.closeTo(245),
        p99Ms: expect.closeTo(289),
        inputTokens: 1_300,
      },
    ],
  });
  expect(report.models[0]?.costUsd).toBeCloseTo(0.12);
  expect(report.warnings).toEqual([
    expect.stringContaining('only 9 % of 11'),
    expect.stringContaining('failed in 10 of 13 calls'),
    expect.stringContaining('$9.00 of $10'),
  ]);
});
