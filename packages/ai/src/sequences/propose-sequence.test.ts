import { aiConfig } from '@selfheal/contracts';
import { startModelServer } from '@selfheal/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestRecords, PLACEHOLDERS } from '../../test/proposer-rig.ts';
import { proposeSequence } from './propose-sequence.ts';

const KEY = 'sk-canary-2Jd83kWpLmQx47';
let store: Awaited<ReturnType<typeof openTestRecords>>;
beforeAll(async () => {
  store = await openTestRecords();
});
afterAll(() => store[Symbol.asyncDispose]());

const ANSWER = { interpretation: 'do it', questions: [], document: '{"id":"a"}', explanation: 'it does', confidence: 0.7 };

async function propose(url: string, extra: object = {}, request: Partial<Parameters<typeof proposeSequence>[0]> = {}) {
  const config = aiConfig.parse({
    models: [{ api: 'openai', model: 'gpt-5.1', baseUrl: url, keyEnv: 'MODEL_KEY', maxOutputTokens: 1_000 }],
    cacheMs: 0,
    timeoutMs: 1_000,
    maxRequests: 1,
    ...extra,
  });
  const options = { config, env: { MODEL_KEY: KEY }, records: store.records, projectId: 'p', placeholders: PLACEHOLDERS };
  return proposeSequence(
    { request: 'parse the logs', capabilities: 'handlers: load', check: () => undefined, ...request },
    options,
    new AbortController().signal,
  );
}

it('gives the document with what it is taken to mean, and the request and the capabilities go to the model', async () => {
  await using server = await startModelServer(() => ({ answer: ANSWER }));
  const proposal = await propose(server.openAiUrl, {}, { request: `parse the logs, password=hunter2secret ${KEY}` });
  expect(proposal).toMatchObject({ answer: ANSWER, problem: undefined, model: 'openai/gpt-5.1' });
  const sent = JSON.stringify(server.requests[0]?.body);
  expect(sent).toContain('handlers: load');
  expect(sent).not.toContain(KEY);
  expect(proposal.calls[0]?.costUsd).toBeGreaterThan(0);
});

it('passes questions on', async () => {
  const questions = ['Which logs?'];
  await using server = await startModelServer(() => ({ answer: { ...ANSWER, document: '', questions } }));
  expect((await propose(server.openAiUrl)).answer).toMatchObject({ questions, document: '' });
});

it('sends an invalid document back once, with where it is wrong', async () => {
  const check = (document: string) => (document.includes('"a"') ? 'proposal.json:1:7: no handler "a"' : undefined);
  await using server = await startModelServer((_, index) => ({ answer: index === 0 ? ANSWER : { ...ANSWER, document: '{"id":"b"}' } }));
  const repaired = await propose(server.openAiUrl, {}, { check });
  expect(repaired.answer?.document).toBe('{"id":"b"}');
  expect(server.requests[1]?.body.messages.at(-1)?.content).toContain('proposal.json:1:7: no handler "a"');
  await using stubborn = await startModelServer(() => ({ answer: ANSWER }));
  expect(await propose(stubborn.openAiUrl, {}, { check })).toMatchObject({ answer: undefined, problem: expect.stringContaining(':1:7:') });
  expect(stubborn.requests).toHaveLength(2);
});

it.each([
  ['questions and a document at once', { ...ANSWER, questions: ['why?'] }],
  ['neither', { ...ANSWER, document: '' }],
  ['a confidence beyond one', { ...ANSWER, confidence: 7 }],
  ['prose', 'I would first parse the logs.'],
])('refuses %s', async (_, answer) => {
  await using server = await startModelServer(() => ({ answer }));
  expect((await propose(server.openAiUrl)).answer).toBeUndefined();
});

it('fails with what is to be done where no model can be asked, none answers, or a limit is reached', async () => {
  await using dead = await startModelServer(() => ({ status: 503 }));
  await expect(propose(dead.openAiUrl, { enabled: false })).rejects.toMatchObject({ code: 'AI_OFF' });
  await expect(propose(dead.openAiUrl, { models: [] })).rejects.toMatchObject({
    code: 'AI_OFF',
    message: expect.stringMatching(/ANTHROPIC_API_KEY.*ai\.models/s),
  });
  await expect(propose(dead.openAiUrl)).rejects.toMatchObject({ code: 'AI_UNAVAILABLE' });
  await expect(propose(dead.openAiUrl, { incidentLimitUsd: 0.0001 })).rejects.toMatchObject({ code: 'AI_BUDGET_REACHED' });
});
