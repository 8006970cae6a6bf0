import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPromptLibrary } from '@selfheal/ai';
import type { AttemptResult, RemediationAttempt } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { expect, it, onTestFinished } from 'vitest';
import { endAttempt } from './attempts.ts';

const attempt = (id: string): RemediationAttempt => ({
  id,
  projectId: 'p',
  workflowId: 'w',
  sequence: 's',
  beat: 'b',
  attempt: 1,
  trigger: 'automatic',
  errorFingerprint: 'f',
  prompt: { templateId: 'system:activity', templateVersion: 2, system: '', user: '', hash: '' },
  proposals: [],
  calls: [],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  notes: [],
  timings: {},
  result: 'pending',
  detail: '',
  createdAt: 1,
  expiresAt: 2,
});

it('credits the template of an attempt when it ends, once, and only where its decision was put to the test', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-attempts-'));
  const store = await openStore({ dataDir: folder });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { records } = store;
  const prompts = createPromptLibrary({ records, projectId: 'p' });
  const results: AttemptResult[] = ['healed', 'retry-failed', 'refused', 'escalated', 'stopped'];
  for (const result of results) {
    await records.put('remediationAttempt', attempt(result));
    for (let repetition = 0; repetition < 2; repetition += 1) {
      await endAttempt({ records, ai: { prompts } }, { projectId: 'p', attemptId: result, result, detail: '', timings: {} });
    }
  }
  expect(await prompts.find('activity', 'ann')).toMatchObject({ uses: 3, successRate: 1 / 3 });
});
