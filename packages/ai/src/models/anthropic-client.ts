import type Anthropic from '@anthropic-ai/sdk';
import { boundedFetch } from './bounded-fetch.ts';
import type { ModelEndpoint } from './endpoints.ts';
import { type ModelClient, type ModelReply, type ModelRequest, tokenCount } from './model-client.ts';
import { modelFailure, unreadableAnswer } from './model-failure.ts';

const PROVIDER_URL = 'https://api.anthropic.com';
const MAX_RETRIES = 0;

/** Any server that speaks Anthropic's messages. */
export function createAnthropicClient(endpoint: ModelEndpoint, timeoutMs: number): ModelClient {
  let client: Promise<Anthropic> | undefined;
  const opened = () => (client ??= openClient(endpoint, timeoutMs));
  return {
    async send(request, signal) {
      const sdk = await opened();
      const message = await sdk.messages.create(parameters(endpoint, request), { signal }).catch((error: unknown) => {
        throw modelFailure(endpoint, error, signal);
      });
      return readReply(endpoint, message);
    },
    async check(signal) {
      const sdk = await opened();
      await sdk.models.list({}, { signal }).catch((error: unknown) => {
        throw modelFailure(endpoint, error, signal);
      });
    },
  };
}

async function openClient(endpoint: ModelEndpoint, timeoutMs: number): Promise<Anthropic> {
  const { default: Sdk } = await import('@anthropic-ai/sdk');
  return new Sdk({
    apiKey: endpoint.key(),
    authToken: null,
    baseURL: endpoint.baseUrl ?? PROVIDER_URL,
    timeout: timeoutMs,
    maxRetries: MAX_RETRIES,
    logLevel: 'off',
    fetch: boundedFetch,
  });
}

function parameters(endpoint: ModelEndpoint, request: ModelRequest): Anthropic.MessageCreateParamsNonStreaming {
  const { maxOutputTokens, model, structuredOutput, temperature } = endpoint;
  return {
    model,
    max_tokens: maxOutputTokens,
    system: request.system,
    messages: [...request.messages],
    ...(temperature === undefined ? {} : { temperature: Math.min(1, temperature) }),
    ...(structuredOutput === 'schema' ? { output_config: { format: { type: 'json_schema', schema: { ...request.schema } } } } : {}),
  };
}

/** The types say what a server should send; what it did send may be anything. */
function readReply(endpoint: ModelEndpoint, message: Anthropic.Message): ModelReply {
  const blocks: unknown = message?.content;
  const texts = Array.isArray(blocks) ? blocks.filter(isText).map(({ text }) => text) : [];
  if (texts.length === 0) throw unreadableAnswer(endpoint, 'the reply has no text');
  const { usage } = message;
  const input = tokenCount(usage?.input_tokens);
  const cached = (tokenCount(usage?.cache_creation_input_tokens) ?? 0) + (tokenCount(usage?.cache_read_input_tokens) ?? 0);
  return {
    text: texts.join(''),
    inputTokens: input === undefined ? undefined : input + cached,
    outputTokens: tokenCount(usage?.output_tokens),
  };
}

function isText(block: unknown): block is { type: 'text'; text: string } {
  return (
    typeof block === 'object' &&
    block !== null &&
    'type' in block &&
    block.type === 'text' &&
    'text' in block &&
    typeof block.text === 'string'
  );
}
