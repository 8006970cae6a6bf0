import { startModelServer } from '@selfheal/testkit';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { createSpendLedger } from '../src/budget/spend-ledger.ts';
import { openTestRecords, proposeWith } from './proposer-rig.ts';

/** Asks a model in a process of its own; the process is killed before the answer comes. */
const ASK = `
import { openStore } from '@selfheal/store';
import { openProposer } from ${JSON.stringify(new URL('./proposer-rig.ts', import.meta.url).href)};
const { records } = await openStore({ dataDir: process.argv[1] });
await openProposer(records, JSON.parse(process.argv[2]), {})();
`;

it('a process that is killed while it waits for a model has spent what it reserved', async () => {
  await using store = await openTestRecords();
  const asked = Promise.withResolvers<void>();
  await using server = await startModelServer(() => {
    asked.resolve();
    return 'hang';
  });
  const config = {
    models: [{ api: 'openai' as const, model: 'gpt-5.1', baseUrl: server.openAiUrl, maxOutputTokens: 1_000 }],
    incidentLimitUsd: 0.02,
    cacheMs: 0,
  };
  const child = execa(process.execPath, ['--input-type=module', '--eval', ASK, store.folder, JSON.stringify(config)], {
    cwd: import.meta.dirname,
    reject: false,
  });
  await Promise.race([asked.promise, child.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  child.kill('SIGKILL');
  await child;
  const ledger = createSpendLedger({
    records: store.records,
    projectId: 'p',
    limits: { monthlyLimitUsd: 100, incidentLimitUsd: 0.02 },
    now: Date.now,
  });
  const { incident, month } = await ledger.spent('i');
  expect(incident?.reservedUsd).toBeGreaterThan(0.01);
  expect(month.costUsd).toBe(incident?.costUsd);
  expect((await proposeWith(store.records, config, {})).outcome).toMatchObject({ kind: 'abstained', abstention: { reason: 'budget' } });
  expect(server.requests).toHaveLength(1);
});
