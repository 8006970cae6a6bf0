import type OpenAI from 'openai';
import { boundedFetch } from './bounded-fetch.ts';
import type { ModelEndpoint } from './endpoints.ts';
import { type ModelClient, type ModelReply, type ModelRequest, tokenCount } from './model-client.ts';
import { modelFailure, unreadableAnswer } from './model-failure.ts';

const PROVIDER_URL = 'https://api.openai.com/v1';
/** No retries: ours know the deadline and the budget. Every setting is given, so that the SDK reads none from the environment. */
const MAX_RETRIES = 0;

/** Any server that speaks OpenAI's chat completions: OpenAI, Azure, vLLM, llama.cpp, Ollama, gateways. */
export function createOpenAiClient(endpoint: ModelEndpoint, timeoutMs: number): ModelClient {
  let client: Promise<OpenAI> | undefined;
  const opened = () => (client ??= openClient(endpoint, timeoutMs));
  return {
    async send(request, signal) {
      const sdk = await opened();
      const completion = await sdk.chat.completions.create(parameters(endpoint, request), { signal }).catch((error: unknown) => {
        throw modelFailure(endpoint, error, signal);
      });
      return readReply(endpoint, completion);
    },
    async check(signal) {
      const sdk = await opened();
      await sdk.models.list({ signal }).catch((error: unknown) => {
        throw modelFailure(endpoint, error, signal);
      });
    },
  };
}

async function openClient(endpoint: ModelEndpoint, timeoutMs: number): Promise<OpenAI> {
  const { default: Sdk } = await import('openai');
  return new Sdk({
    apiKey: endpoint.key(),
    baseURL: endpoint.baseUrl ?? PROVIDER_URL,
    organization: null,
    project: null,
    timeout: timeoutMs,
    maxRetries: MAX_RETRIES,
    logLevel: 'off',
    fetch: boundedFetch,
  });
}

function parameters(endpoint: ModelEndpoint, request: ModelRequest): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { baseUrl, maxOutputTokens, model, outputLimit, structuredOutput, temperature } = endpoint;
  return {
    model,
    messages: [{ role: 'system', content: request.system }, ...request.messages],
    [outputLimit ?? usualLimit(baseUrl)]: maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(structuredOutput === 'schema'
      ? { response_format: { type: 'json_schema', json_schema: { name: 'decision', strict: true, schema: { ...request.schema } } } }
      : {}),
  };
}

/** OpenAI's reasoning models refuse the older name, which other servers alone know. */
function usualLimit(baseUrl: string | undefined): 'max_tokens' | 'max_completion_tokens' {
  const own =
    baseUrl === undefined ||
    /(?:^|\.)(?:api\.openai\.com|openai\.azure\.com|cognitiveservices\.azure\.com)$/.test(new URL(baseUrl).hostname);
  return own ? 'max_completion_tokens' : 'max_tokens';
}

/** The types say what a server should send; what it did send may be anything. */
function readReply(endpoint: ModelEndpoint, completion: OpenAI.ChatCompletion): ModelReply {
  const text: unknown = completion?.choices?.[0]?.message?.content;
  if (typeof text !== 'string') throw unreadableAnswer(endpoint, 'the reply has no text');
  return { text, inputTokens: tokenCount(completion.usage?.prompt_tokens), outputTokens: tokenCount(completion.usage?.completion_tokens) };
}
