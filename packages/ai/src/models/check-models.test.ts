import { aiConfig } from '@selfheal/contracts';
import { startModelServer } from '@selfheal/testkit';
import { expect, it } from 'vitest';
import { checkModels } from './check-models.ts';

const KEY = 'sk-canary-check-4417';

it('tells of each model whether its server is there and takes the key', async () => {
  await using there = await startModelServer(() => ({ status: 200, body: '{"object":"list","data":[],"has_more":false}' }));
  await using listless = await startModelServer(() => ({ status: 404 }));
  await using strict = await startModelServer(() => ({ status: 401, body: `{"error":{"message":"no such key: ${KEY}"}}` }));
  const model = (api: 'anthropic' | 'openai', baseUrl: string) => ({ api, model: 'm', name: `${api} ${baseUrl}`, baseUrl, keyEnv: 'KEY' });
  const models = [
    model('openai', there.openAiUrl),
    model('anthropic', there.anthropicUrl),
    model('openai', listless.openAiUrl),
    model('anthropic', strict.anthropicUrl),
    model('openai', 'http://127.0.0.1:9/v1'),
  ];
  const { models: checked } = await checkModels(aiConfig.parse({ models }), { KEY });
  expect(checked.map(({ healthy }) => healthy)).toEqual([true, true, true, false, false]);
  expect(checked.map(({ found }) => found.split(':')[0])).toEqual([
    'reached, and takes the key',
    'reached, and takes the key',
    'reached',
    'AI_REFUSED',
    'AI_UNAVAILABLE',
  ]);
  expect(JSON.stringify(checked)).not.toContain(KEY);
});

it('says why none is checked', async () => {
  expect(await checkModels(aiConfig.parse({}), {})).toEqual({ models: [], notes: [expect.stringContaining('OPENAI_API_KEY')] });
});
