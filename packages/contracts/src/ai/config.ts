import { z } from 'zod';
import { contextConfig } from './options.ts';

const duration = z.int().nonnegative().describe('milliseconds');
const dollars = z.number().nonnegative();

const aiModel = z.strictObject({
  name: z.string().min(1).optional().describe('what beats and messages call it; default: api/model'),
  api: z.enum(['anthropic', 'openai']).describe('protocol that the server speaks'),
  model: z.string().min(1).describe("the provider's name of the model"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('any server that speaks the protocol; default: that of the provider'),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe('name of the variable that holds the key; default: ANTHROPIC_API_KEY or OPENAI_API_KEY; a server of your own needs none'),
  temperature: z.number().min(0).max(2).optional().describe("default: the model's own"),
  maxOutputTokens: z.int().min(256).max(200_000).default(8_000).describe('tokens of an answer at most, reasoning included'),
  contextTokens: z.int().min(2_000).default(128_000).describe('tokens that prompt and answer may have together'),
  outputLimit: z
    .enum(['max_tokens', 'max_completion_tokens'])
    .optional()
    .describe('openai: the field that limits an answer; default: max_completion_tokens for OpenAI and Azure, max_tokens for other servers'),
  structuredOutput: z
    .enum(['schema', 'prompt'])
    .default('schema')
    .describe(
      'schema: the server is told the JSON schema of the answer; prompt: only the prompt tells it, for servers that know no schemas',
    ),
});

/** Models as proposers. Without a key none is asked, and the deterministic proposers decide alone. */
export const aiConfig = z.strictObject({
  enabled: z.boolean().default(true).describe('false: no model is ever asked'),
  models: z
    .array(aiModel)
    .default([])
    .describe('asked in this order until one answers; empty: one of each provider whose key is in the environment'),
  timeoutMs: duration.min(100).default(30_000).describe('milliseconds for one model to answer, retries included'),
  maxRequests: z.int().min(1).max(10).default(3).describe('requests to one model for one answer: failures that pass are tried again'),
  requestsPerMinute: z.int().positive().default(60).describe('requests to one model'),
  monthlyLimitUsd: dollars.default(100).describe('dollars of one month (UTC); then no model is asked until the next'),
  incidentLimitUsd: dollars.default(1).describe('dollars for one incident, or one failing workflow'),
  cacheMs: duration.default(24 * 3_600_000).describe('milliseconds that an answer is used again for an equal prompt; 0: never'),
  prices: z
    .record(z.string(), z.strictObject({ input: dollars, output: dollars }))
    .default({})
    .describe('dollars per million tokens by model; laid over the built-in table'),
  promptTemplate: z
    .string()
    .min(1)
    .optional()
    .describe('template for beats that name none; default: the system template of the incident class'),
  fixes: z
    .strictObject({
      samples: z.int().min(0).max(5).default(2).describe('answers asked for at once; 0: models are not asked for fixes'),
      rounds: z.int().min(1).max(5).default(2).describe('times that models are asked, each told what came of the answers before'),
      budgetMs: duration.default(240_000).describe('milliseconds of asking and trying; what is under way then ends'),
    })
    .prefault({})
    .describe('models are asked for fixes of incidents where nothing deterministic holds'),
  context: contextConfig.prefault({}).describe('what a model is told of a failure; a beat can say otherwise'),
});
export type AiConfig = z.infer<typeof aiConfig>;
export type AiModelConfig = z.infer<typeof aiModel>;
