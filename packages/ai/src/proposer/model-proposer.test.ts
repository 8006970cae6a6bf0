import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer, USABLE_ANSWER } from '@selfheal/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AiInput, openProposer, openTestRecords, proposeWith } from '../../test/proposer-rig.ts';

const KEY = 'sk-canary-7Hd82kQpLmZx91';
const ENV = { MODEL_KEY: KEY };

let store: Awaited<ReturnType<typeof openTestRecords>>;
beforeAll(async () => {
  store = await openTestRecords();
});
afterAll(() => store[Symbol.asyncDispose]());

const model = (api: 'anthropic' | 'openai', url: string, extra: object = {}) => ({
  api,
  model: api === 'anthropic' ? 'claude-sonnet-5-5' : 'gpt-5.1',
  baseUrl: url,
  keyEnv: 'MODEL_KEY',
  ...extra,
});
const config = (models: object[], extra: AiInput = {}): AiInput => ({
  models: models as NonNullable<AiInput['models']>,
  cacheMs: 0,
  timeoutMs: 2_000,
  ...extra,
});

describe.each(['anthropic', 'openai'] as const)('a model that speaks %s', (api) => {
  it('decides, with the schema told, the key in its header alone, and its cost counted', async () => {
    await using server = await startModelServer(() => ({ answer: USABLE_ANSWER, usage: { input: 2_000, output: 300 } }));
    const url = api === 'anthropic' ? server.anthropicUrl : server.openAiUrl;
    const proposal = await proposeWith(store.records, config([model(api, url, { temperature: 0.2, maxOutputTokens: 900 })]), ENV);
    expect(proposal.outcome).toMatchObject({
      kind: 'decided',
      decision: {
        decision: 'RETRY',
        confidence: 0.8,
        patch: { edits: USABLE_ANSWER.edits },
        proposer: 'models',
        model: `${api}/${api === 'anthropic' ? 'claude-sonnet-5-5' : 'gpt-5.1'}`,
      },
    });
    const price = api === 'anthropic' ? (2_000 * 2 + 300 * 10) / 1e6 : (2_000 * 1.25 + 300 * 10) / 1e6;
    expect(proposal.usage).toEqual({ inputTokens: 2_000, outputTokens: 300, costUsd: price });
    const [request] = server.requests;
    expect(request?.api).toBe(api);
    expect(request?.headers.authorization).toContain(KEY);
    expect(request?.body.raw).toMatchObject({ temperature: 0.2, max_tokens: 900 });
    expect(JSON.stringify(request?.body.raw)).toContain('expectedOutcome');
    expect(request?.body.messages[0]?.content).toContain('Cannot read properties of undefined');
    expect(JSON.stringify([request?.body, proposal])).not.toContain(KEY);
  });

  it.each([
    ['hangs', 'hang', 'AI_TIMEOUT'],
    ['sends headers and then drips for ever', 'drip', 'AI_TIMEOUT'],
    ['dies in the middle of its answer', 'die', 'AI_UNAVAILABLE'],
    ['writes without end', 'flood', 'AI_UNAVAILABLE'],
    ['sends what is no JSON', { status: 200, body: '<html>' }, 'AI_UNAVAILABLE'],
    ['sends JSON of another shape', { status: 200, body: '{"choices":7,"content":"x"}' }, 'AI_UNAVAILABLE'],
    ['sends nothing', { status: 200, body: '' }, 'AI_UNAVAILABLE'],
    ['fails with 500', { status: 500 }, 'AI_UNAVAILABLE'],
    ['redirects to another host', { status: 307, headers: { location: 'http://localhost:1/' } }, 'AI_REFUSED'],
    ['echoes the key in a refusal', { status: 401, body: `{"error":{"message":"Incorrect API key provided: ${KEY}"}}` }, 'AI_REFUSED'],
  ] as const)('that %s is an abstention that says so, and the key stays out of it', async (_, behaviour, code) => {
    await using server = await startModelServer(() => behaviour);
    const url = api === 'anthropic' ? server.anthropicUrl : server.openAiUrl;
    const incidentId = `${api}-${JSON.stringify(behaviour)}`;
    const proposal = await proposeWith(store.records, config([model(api, url)], { timeoutMs: 400, maxRequests: 1 }), ENV, {
      options: { incidentId },
    });
    expect(proposal.outcome).toMatchObject({
      kind: 'abstained',
      abstention: { reason: 'unavailable', why: expect.stringContaining(code) },
    });
    expect(proposal.calls[0]?.durationMs).toBeLessThan(1_500);
    expect(JSON.stringify(proposal)).not.toContain(KEY);
  });

  it('is asked again after what passes, and waits as long as retry-after says', async () => {
    await using server = await startModelServer((_, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': '0.3' } } : { answer: USABLE_ANSWER },
    );
    const url = api === 'anthropic' ? server.anthropicUrl : server.openAiUrl;
    const proposal = await proposeWith(store.records, config([model(api, url)]), ENV);
    expect(proposal.outcome.kind).toBe('decided');
    expect(proposal.calls).toMatchObject([{ requests: 2, outcome: 'answered' }]);
    expect(proposal.calls[0]?.durationMs).toBeGreaterThanOrEqual(300);
  });

  it('that asks for a wait beyond the deadline is not waited for', async () => {
    await using server = await startModelServer(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    const url = api === 'anthropic' ? server.anthropicUrl : server.openAiUrl;
    const proposal = await proposeWith(store.records, config([model(api, url)], { timeoutMs: 30_000 }), ENV);
    expect(proposal.calls).toMatchObject([{ requests: 1, outcome: 'failed' }]);
    expect(proposal.calls[0]?.durationMs).toBeLessThan(1_000);
  });

  it('repairs an answer once, then it is FAIL', async () => {
    await using server = await startModelServer((_, index) => ({
      answer: index % 2 === 0 ? 'I think you should retry.' : { ...USABLE_ANSWER, confidence: 'high' },
    }));
    const url = api === 'anthropic' ? server.anthropicUrl : server.openAiUrl;
    const proposal = await proposeWith(store.records, config([model(api, url)]), ENV);
    expect(proposal.outcome).toMatchObject({
      kind: 'decided',
      decision: { decision: 'FAIL', confidence: 0, reasoning: expect.stringContaining('confidence') },
    });
    expect(proposal.calls.map(({ purpose }) => purpose)).toEqual(['decision', 'repair']);
    expect(server.requests[1]?.body.messages.at(-1)?.content).toContain('no JSON object');
  });
});

it('falls back to the other provider, and says so', async () => {
  await using down = await startModelServer(() => ({ status: 503 }));
  await using up = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  const proposal = await proposeWith(
    store.records,
    config([model('anthropic', down.anthropicUrl), model('openai', up.openAiUrl)], { maxRequests: 1 }),
    ENV,
  );
  expect(proposal.outcome).toMatchObject({ kind: 'decided', decision: { model: 'openai/gpt-5.1' } });
  expect(proposal.notes).toEqual([expect.stringMatching(/claude-sonnet-5-5.*AI|cannot be reached/)]);
  expect(proposal.calls.map(({ outcome }) => outcome)).toEqual(['failed', 'answered']);
});

it('asks the model first that the beat names', async () => {
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  const models = [model('anthropic', server.anthropicUrl), model('openai', server.openAiUrl, { name: 'second' })];
  const named = await proposeWith(store.records, config(models), ENV, { options: { remediation: { enabled: true, model: 'second' } } });
  expect(named.outcome).toMatchObject({ decision: { model: 'second' } });
  const unknown = await proposeWith(store.records, config(models), ENV, { options: { remediation: { enabled: true, model: 'third' } } });
  expect(unknown).toMatchObject({
    outcome: { decision: { model: 'anthropic/claude-sonnet-5-5' } },
    notes: [expect.stringContaining('third')],
  });
});

it('leaves a model alone for a while that failed five times in a row', async () => {
  await using server = await startModelServer(() => ({ status: 500 }));
  const propose = openProposer(store.records, config([model('openai', server.openAiUrl)], { maxRequests: 1 }), ENV);
  for (let call = 0; call < 7; call += 1) await propose();
  expect(server.requests).toHaveLength(5);
  expect((await propose()).outcome).toMatchObject({ abstention: { why: expect.stringContaining('5 times in a row') } });
});

it('sends no more requests than its rate allows, and does not wait beyond the deadline', async () => {
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  const propose = openProposer(store.records, config([model('openai', server.openAiUrl)], { requestsPerMinute: 2 }), ENV);
  const outcomes = await Promise.all([1, 2, 3].map(() => propose()));
  expect(outcomes.filter(({ outcome }) => outcome.kind === 'decided')).toHaveLength(2);
  expect(server.requests).toHaveLength(2);
});

it('pays an equal prompt once', async () => {
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  const ask = () => proposeWith(store.records, config([model('openai', server.openAiUrl)], { cacheMs: 60_000 }), ENV);
  const [first, second] = [await ask(), await ask()];
  expect(server.requests).toHaveLength(1);
  expect(second.outcome).toEqual(first.outcome);
  expect(second).toMatchObject({ calls: [{ outcome: 'cached', costUsd: 0 }], usage: { costUsd: 0 } });
});

it('abstains where no model is configured, where the key is not set, and where models are turned off', async () => {
  for (const [input, env, why] of [
    [{}, {}, 'ANTHROPIC_API_KEY'],
    [config([model('openai', 'http://127.0.0.1:1')]), {}, 'MODEL_KEY is not set'],
    [{ enabled: false }, ENV, 'ai.enabled'],
  ] as const) {
    const proposal = await proposeWith(store.records, input, env);
    expect(proposal.outcome).toMatchObject({ kind: 'abstained', abstention: { reason: 'off', why: expect.stringContaining(why) } });
    expect(proposal.calls).toEqual([]);
  }
});

it('sends the key of a provider to no other server than its own', async () => {
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  const { keyEnv: _, ...own } = model('openai', server.openAiUrl);
  const proposal = await proposeWith(store.records, config([own]), { OPENAI_API_KEY: KEY });
  expect(proposal.outcome.kind).toBe('decided');
  expect(JSON.stringify(server.requests[0]?.headers)).not.toContain(KEY);
});

it('names the limit of an answer as the server wants it', async () => {
  await using server = await startModelServer(() => ({ answer: USABLE_ANSWER }));
  for (const extra of [{}, { outputLimit: 'max_completion_tokens' }])
    await proposeWith(store.records, config([model('openai', server.openAiUrl, { ...extra, maxOutputTokens: 700 })]), ENV);
  expect(server.requests.map(({ body: { raw } }) => [raw.max_tokens, raw.max_completion_tokens])).toEqual([
    [700, undefined],
    [undefined, 700],
  ]);
});

it('stops when it is cancelled', async () => {
  await using server = await startModelServer(() => 'hang');
  const controller = new AbortController();
  const asked = proposeWith(store.records, config([model('openai', server.openAiUrl)], { timeoutMs: 20_000 }), ENV, {
    signal: controller.signal,
  });
  await sleep(100);
  controller.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});
