import type { Proposal } from '@selfheal/contracts';
import {
  CANARY_KEY,
  HOSTILE_MODELS,
  type HostileCase,
  INJECTIONS,
  type ModelServer,
  startModelServer,
  USABLE_ANSWER,
} from '@selfheal/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSpendLedger } from '../src/budget/spend-ledger.ts';
import { openTestRecords, proposeWith } from './proposer-rig.ts';

/** Enough for answers that come at once, on a busy machine; and for those that never come. */
const PATIENT_MS = 20_000;
const SHORT_MS = 700;
const LIMIT_USD = 0.5;
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}]/u;

let store: Awaited<ReturnType<typeof openTestRecords>>;
let server: ModelServer;
const behaviours = new Map<string, HostileCase>();

beforeAll(async () => {
  store = await openTestRecords();
  server = await startModelServer(({ body }) => behaviours.get(String(body.raw.model))?.behaviour ?? { status: 404 });
});
afterAll(async () => {
  await server.close();
  await store[Symbol.asyncDispose]();
});

async function ask(hostile: HostileCase, api: 'anthropic' | 'openai', facts: Parameters<typeof proposeWith>[3] = {}): Promise<Proposal> {
  const model = `${api}-${behaviours.size}`;
  behaviours.set(model, hostile);
  const config = {
    models: [{ api, model, baseUrl: api === 'openai' ? server.openAiUrl : server.anthropicUrl, keyEnv: 'CANARY', maxOutputTokens: 1_000 }],
    prices: { [model]: { input: 2, output: 10 } },
    timeoutMs: hostile.expected === 'abstained' ? SHORT_MS : PATIENT_MS,
    maxRequests: 2,
    incidentLimitUsd: LIMIT_USD,
    cacheMs: 0,
  };
  return proposeWith(store.records, config, { CANARY: CANARY_KEY }, { ...facts, options: { incidentId: model } });
}

/** What holds in every case, whatever the model does. */
async function holdsInAnyCase(proposal: Proposal): Promise<void> {
  expect(JSON.stringify(proposal)).not.toMatch(/canary|hunter2/);
  expect(proposal.calls.every(({ durationMs }) => durationMs < PATIENT_MS + 2_000)).toBe(true);
  expect(proposal.calls.length).toBeLessThanOrEqual(2);
  expect('polluted' in {} || 'decision' in {}).toBe(false);
  const [call] = proposal.calls;
  const ledger = createSpendLedger({
    records: store.records,
    projectId: 'p',
    limits: { monthlyLimitUsd: 100, incidentLimitUsd: LIMIT_USD },
    now: Date.now,
  });
  const { incident } = await ledger.spent(call?.model ?? '');
  expect(incident?.costUsd).toBeLessThanOrEqual(LIMIT_USD);
  expect(incident?.reservedUsd).toBeCloseTo(0, 9);
  if (proposal.outcome.kind === 'abstained') return;
  const { decision } = proposal.outcome;
  expect(decision.reasoning + (decision.expectedOutcome ?? '')).not.toMatch(HIDDEN);
  expect(decision.patch === undefined || decision.decision === 'RETRY').toBe(true);
  for (const { file, replace } of decision.patch?.edits ?? []) {
    expect(file).toMatch(/^(?!\/|[A-Za-z]:|.*(?:^|\/)\.{1,2}(?:\/|$)|(?:.*\/)?\.git(?:\/|$))/i);
    expect(file + replace).not.toMatch(HIDDEN);
  }
}

function outcomeOf({ outcome }: Proposal): string {
  if (outcome.kind === 'abstained') return 'abstained';
  return outcome.decision.decision === 'FAIL' && outcome.decision.confidence === 0 ? 'FAIL' : 'decided';
}

/** All at once: the cases wait for the network and for time, not for the processor. */
describe.each(HOSTILE_MODELS)('a model with %s', (_, cases) => {
  it(`has no effect but a decision (${cases.length} cases, in both protocols by turns)`, async () => {
    const proposals = await Promise.all(cases.map((hostile, index) => ask(hostile, index % 2 === 0 ? 'anthropic' : 'openai')));
    const table = proposals.map((proposal, index) => [cases[index]?.name, outcomeOf(proposal)]);
    expect(table).toEqual(cases.map(({ expected, name }) => [name, expected]));
    for (const proposal of proposals) await holdsInAnyCase(proposal);
  });
});

describe('instructions in what was recorded', () => {
  it.each(INJECTIONS)('are not in the prompt when they stood in a log line: %s', async (text) => {
    const before = server.requests.length;
    await ask({ name: text, behaviour: { answer: USABLE_ANSWER }, expected: 'decided' }, 'openai', {
      facts: { logs: [{ text }, { text: `level=info msg=${JSON.stringify(text)}` }] },
    });
    const sent = JSON.stringify(server.requests[before]?.body.messages);
    const words = text.match(/\p{L}{5,}/gu)?.filter((word) => !/^error$/i.test(word)) ?? [];
    const own = JSON.stringify((await promptWithout()).messages);
    for (const word of words.filter((candidate) => !own.includes(candidate))) expect(sent, word).not.toContain(word);
  });

  it.each(INJECTIONS)('stay within the fence when they stood in the message of the error: %s', async (text) => {
    const before = server.requests.length;
    await ask({ name: text, behaviour: { answer: USABLE_ANSWER }, expected: 'decided' }, 'openai', {
      facts: { error: { type: 'Error', message: `order failed: ${text}` } },
    });
    const [message] = server.requests[before]?.body.messages ?? [];
    const fences = (message?.content ?? '').split(/⟦|⟧/);
    const outside = fences.filter((_, index) => index % 2 === 0).join(' ');
    expect(fences.length % 2).toBe(1);
    expect(outside).not.toContain('order failed');
    for (const line of text.split('\n')) if (line.length > 12) expect(outside).not.toContain(line);
    expect(message?.content).not.toMatch(HIDDEN);
  });
});

/** What a prompt holds without any of these. */
async function promptWithout() {
  const before = server.requests.length;
  await ask({ name: 'plain', behaviour: { answer: USABLE_ANSWER }, expected: 'decided' }, 'openai', { facts: { logs: [{ text: '1' }] } });
  return server.requests[before]?.body ?? { messages: [] };
}
