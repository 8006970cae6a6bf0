import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrdersRepository, startModelServer } from '@selfheal/testkit';
import { execa } from 'execa';
import { createSelfHealing } from 'selfheal';
import { expect, it } from 'vitest';
import { COMMAND_FILE } from './rig.ts';

const FLOW = {
  $schema: './sequence.schema.json',
  id: 'orders.close',
  name: 'Close orders',
  movements: [
    {
      id: 'all',
      name: 'All',
      beats: [{ handler: 'closeOrders', kind: 'stage-crew', retry: { maximumAttempts: 1 }, aiRemediation: { enabled: true } }],
    },
  ],
};
const PLUGIN = "export default { name: 'orders', handlers: { closeOrders() { throw new Error('the ledger is out of balance'); } } };\n";
const ANSWER = { decision: 'FAIL', reasoning: 'a person must balance it', confidence: 0.9, edits: [], expectedOutcome: '' };

it('a worker that is killed while its coordinator asks a model loses no attempt and no spend', { timeout: 240_000 }, async () => {
  const { root } = await makeOrdersRepository({ change: { 'plugin.mjs': PLUGIN } });
  const flow = join(await mkdtemp(join(tmpdir(), 'selfheal-flow-')), 'close.json');
  await writeFile(flow, JSON.stringify(FLOW));
  const asked = Promise.withResolvers<void>();
  await using server = await startModelServer((_, index) => {
    asked.resolve();
    return index === 0 ? 'hang' : { answer: ANSWER };
  });
  const models = [{ api: 'openai' as const, model: 'gpt-5.1', baseUrl: server.openAiUrl, maxOutputTokens: 1_000 }];
  const config = { ai: { models, timeoutMs: 120_000, cacheMs: 0 }, remediation: { searchMs: 0 }, plugins: ['./plugin.mjs'] };
  await writeFile(join(root, 'selfheal.config.json'), JSON.stringify(config));

  const child = execa(process.execPath, [COMMAND_FILE, 'sequence', 'run', flow, '--repo', root], { reject: false, stdin: 'ignore' });
  await Promise.race([asked.promise, child.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  child.kill('SIGKILL');
  await child;

  const healing = await createSelfHealing({ repo: root, env: process.env });
  try {
    const spentOn = () => healing.records.list('aiSpend', { where: { projectId: healing.project.id } });
    const reserved = (await spentOn()).map(({ costUsd }) => costUsd);
    expect(reserved).toEqual([expect.any(Number), reserved[0]]);
    expect(reserved[0]).toBeGreaterThan(0.01);

    await healing.start();
    const attempts = () => healing.records.list('remediationAttempt', { where: { projectId: healing.project.id, result: 'failed' } });
    await expect.poll(async () => (await attempts()).length, { timeout: 180_000, interval: 500 }).toBe(1);
    const [attempt] = await attempts();
    expect(attempt).toMatchObject({ attempt: 1, decision: { decision: 'FAIL', proposer: 'models', reasoning: ANSWER.reasoning } });
    expect(server.requests).toHaveLength(2);
    // What the killed request can have cost stays spent, beside what the answered one did cost.
    for (const spend of await spentOn()) {
      expect(spend.reservedUsd).toBeCloseTo(reserved[0] ?? 0);
      expect(spend.costUsd).toBeCloseTo((reserved[0] ?? 0) + (attempt?.usage.costUsd ?? 0));
    }
  } finally {
    await healing.stop();
  }
});
