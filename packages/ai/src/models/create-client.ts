import { createAnthropicClient } from './anthropic-client.ts';
import type { ModelEndpoint } from './endpoints.ts';
import type { ModelClient } from './model-client.ts';
import { createOpenAiClient } from './openai-client.ts';

export function createModelClient(endpoint: ModelEndpoint, timeoutMs: number): ModelClient {
  return endpoint.api === 'anthropic' ? createAnthropicClient(endpoint, timeoutMs) : createOpenAiClient(endpoint, timeoutMs);
}
