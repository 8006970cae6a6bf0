import { openStore } from '@selfheal/store';
import { startModelServer, USABLE_ANSWER } from '@selfheal/testkit';
import { expect, it } from 'vitest';
import { openTestRecords, proposeWith } from '../../test/proposer-rig.ts';
import { createSpendLedger } from './spend-ledger.ts';

const NOW = Date.UTC(2026, 10, 21);
const LIMITS = { monthlyLimitUsd: 1, incidentLimitUsd: 0.6 };

it('keeps both limits when many ask at once', async () => {
  await using store = await openTestRecords();
  const ledger = createSpendLedger({ records: store.records, projectId: 'p', limits: LIMITS, now: () => NOW });
  const asked = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => ledger.reserve(`i${index % 2}`, 0.25)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  expect((await ledger.spent('i0')).incident?.costUsd).toBe(0.5);
  expect((await ledger.spent()).month).toMatchObject({ key: '2026-11', costUsd: 1, reservedUsd: 1, calls: 4 });
});

it('exchanges a reservation for what the request did cost', async () => {
  await using store = await openTestRecords();
  const ledger = createSpendLedger({ records: store.records, projectId: 'p', limits: LIMITS, now: () => NOW });
  const reservation = await ledger.reserve('i', 0.5);
  await ledger.settle(reservation, { costUsd: 0.02, inputTokens: 1_000, outputTokens: 50 });
  expect(await ledger.spent('i')).toMatchObject({
    month: { costUsd: expect.closeTo(0.02, 9), reservedUsd: 0 },
    incident: { inputTokens: 1_000, outputTokens: 50 },
  });
});

it('gives nothing back for a reservation that a dead process left behind, also after the store was opened again', async () => {
  await using store = await openTestRecords();
  await createSpendLedger({ records: store.records, projectId: 'p', limits: LIMITS, now: () => NOW }).reserve('i', 0.5);
  const again = await openStore({ dataDir: store.folder });
  const ledger = createSpendLedger({ records: again.records, projectId: 'p', limits: LIMITS, now: () => NOW });
  await expect(ledger.reserve('i', 0.2)).rejects.toMatchObject({
    code: 'AI_BUDGET_REACHED',
    message: expect.stringContaining('incident i: $0.5000 of $0.6'),
  });
  await again.close();
});

it('starts anew with the month, not with the incident', async () => {
  await using store = await openTestRecords();
  const ledger = (now: number) => createSpendLedger({ records: store.records, projectId: 'p', limits: LIMITS, now: () => now });
  await ledger(NOW).reserve('a', 0.5);
  await ledger(NOW).reserve('b', 0.5);
  await expect(ledger(NOW).reserve('c', 0.1)).rejects.toMatchObject({ code: 'AI_BUDGET_REACHED' });
  const december = ledger(Date.UTC(2026, 11, 1));
  await december.reserve('c', 0.1);
  await expect(december.reserve('a', 0.2)).rejects.toMatchObject({ code: 'AI_BUDGET_REACHED' });
});

const model = (url: string, extra: object = {}) => ({
  api: 'openai' as const,
  model: 'gpt-5.1',
  baseUrl: url,
  maxOutputTokens: 1_000,
  ...extra,
});

it('asks no model once a limit is reached, says so, and holds over restarts', async () => {
  await using store = await openTestRecords();
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER, usage: { input: 4_000, output: 900 } }));
  const config = { models: [model(server.openAiUrl)], incidentLimitUsd: 0.05, cacheMs: 0 };
  const proposals = [];
  for (let round = 0; round < 6; round += 1) proposals.push(await proposeWith(store.records, config, {}));
  const decided = proposals.filter(({ outcome }) => outcome.kind === 'decided');
  expect(decided.length).toBeGreaterThan(1);
  expect(server.requests).toHaveLength(decided.length);
  expect(proposals.at(-1)).toMatchObject({
    outcome: { abstention: { reason: 'budget', why: expect.stringMatching(/incident i.*deterministic path decides/) } },
    usage: { costUsd: 0 },
  });
  expect(proposals.reduce((sum, { usage }) => sum + usage.costUsd, 0)).toBeLessThanOrEqual(0.05);
});

it.each([
  ['reports no usage', null],
  ['reports nothing at all as used', { input: 0, output: 0 }],
  ['reports what is no number', { input: 'free', output: -5 }],
] as const)('does not believe a server that %s', async (_, usage) => {
  await using store = await openTestRecords();
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER, usage }));
  const { usage: counted } = await proposeWith(store.records, { models: [model(server.openAiUrl)], cacheMs: 0 }, {});
  const sent = Buffer.byteLength(JSON.stringify(server.requests[0]?.body.raw));
  expect(counted.inputTokens).toBeGreaterThan(sent / 6);
  expect(counted.outputTokens).toBeGreaterThan(20);
});

it('counts at most what the request could cost where a server reports more, and all of it where the answer was lost', async () => {
  await using store = await openTestRecords();
  await using greedy = await startModelServer(() => ({ answer: USABLE_ANSWER, usage: { input: 1e12, output: 1e12 } }));
  const over = await proposeWith(store.records, { models: [model(greedy.openAiUrl)], cacheMs: 0 }, {});
  expect(over.usage.outputTokens).toBe(1_000);
  expect(over.usage.costUsd).toBeLessThan(0.05);
  await using dying = await startModelServer(() => 'die');
  const lost = await proposeWith(store.records, { models: [model(dying.openAiUrl)], maxRequests: 1, cacheMs: 0 }, {});
  expect(lost.usage).toEqual(over.usage);
  await using refusing = await startModelServer(() => ({ status: 400 }));
  expect((await proposeWith(store.records, { models: [model(refusing.openAiUrl)], cacheMs: 0 }, {})).usage.costUsd).toBe(0);
});
