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

/** One server, without retries. Both fail with one of the AI_* errors. */
export interface ModelClient {
  send(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /** Asks for the list of models, which costs nothing: tells whether the server is there and takes the key. */
  check(signal: AbortSignal): Promise<void>;
}

/** A count that a server reports, or undefined where it is none. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}
