import { createHash } from 'node:crypto';
import type { Records } from '@selfheal/contracts';
import type { ModelEndpoint } from '../models/endpoints.ts';

/** Answers by the content of their prompt, kept in the records: an equal prompt to an equal model is paid once. */
export interface AnswerCache {
  find(endpoint: ModelEndpoint, promptHash: string): Promise<string | undefined>;
  keep(endpoint: ModelEndpoint, promptHash: string, response: string, tokens: { inputTokens: number; outputTokens: number }): Promise<void>;
}

export interface CacheOptions {
  readonly records: Records;
  readonly projectId: string;
  /** Milliseconds that an answer is used again; 0: never. */
  readonly cacheMs: number;
  readonly now: () => number;
}

const REMOVED_AT_ONCE = 100;

export function createAnswerCache({ records, projectId, cacheMs, now }: CacheOptions): AnswerCache {
  const idOf = ({ api, baseUrl, maxOutputTokens, model, temperature }: ModelEndpoint, promptHash: string) =>
    createHash('sha256')
      .update(JSON.stringify([projectId, api, baseUrl, model, temperature, maxOutputTokens, promptHash]))
      .digest('hex');
  return {
    async find(endpoint, promptHash) {
      if (cacheMs === 0) return undefined;
      const kept = await records.get('aiAnswer', idOf(endpoint, promptHash));
      return kept !== undefined && kept.expiresAt > now() ? kept.response : undefined;
    },
    async keep(endpoint, promptHash, response, tokens) {
      if (cacheMs === 0) return;
      const old = await records.list('aiAnswer', { range: { field: 'expiresAt', to: now() }, limit: REMOVED_AT_ONCE });
      await records.remove(
        'aiAnswer',
        old.map(({ id }) => id),
      );
      const createdAt = now();
      await records.put('aiAnswer', {
        id: idOf(endpoint, promptHash),
        projectId,
        model: endpoint.name,
        response,
        ...tokens,
        createdAt,
        expiresAt: createdAt + cacheMs,
      });
    },
  };
}
