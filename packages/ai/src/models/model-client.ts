import type { z } from 'zod';

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly ChatMessage[];
  /** JSON schema of the answer, told to servers that know schemas. */
  readonly schema: z.core.JSONSchema.BaseSchema;
}

export interface ModelReply {
  readonly text: string;
  /** As the server reports them; undefined where it reports none that can be. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** One request to one server, without retries. Fails with one of the AI_* errors. */
export interface ModelClient {
  send(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

/** A count that a server reports, or undefined where it is none. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}
