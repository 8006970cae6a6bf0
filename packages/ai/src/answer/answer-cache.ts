import { createHash } from 'node:crypto';
import type { Records } from '@selfheal/contracts';
import type { ModelEndpoint } from '../models/endpoints.ts';

/** Answers by the content of their prompt, kept in the records: an equal prompt to an equal model is paid once. */
export interface AnswerCache {
  find(endpoint: ModelEndpoint, question: CachedQuestion): Promise<string | undefined>;
  keep(
    endpoint: ModelEndpoint,
    question: CachedQuestion,
    response: string,
    tokens: { inputTokens: number; outputTokens: number },
  ): Promise<void>;
}

export interface CachedQuestion {
  readonly hash: string;
  /** Which of several answers to the same question. */
  readonly sample: number;
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
  const idOf = ({ api, baseUrl, maxOutputTokens, model, temperature }: ModelEndpoint, { hash, sample }: CachedQuestion) =>
    createHash('sha256')
      .update(JSON.stringify([projectId, api, baseUrl, model, temperature, maxOutputTokens, hash, ...(sample === 0 ? [] : [sample])]))
      .digest('hex');
  return {
    async find(endpoint, question) {
      if (cacheMs === 0) return undefined;
      const kept = await records.get('aiAnswer', idOf(endpoint, question));
      return kept !== undefined && kept.expiresAt > now() ? kept.response : undefined;
    },
    async keep(endpoint, question, response, tokens) {
      if (cacheMs === 0) return;
      const old = await records.list('aiAnswer', { range: { field: 'expiresAt', to: now() }, limit: REMOVED_AT_ONCE });
      await records.remove(
        'aiAnswer',
        old.map(({ id }) => id),
      );
      const createdAt = now();
      await records.put('aiAnswer', {
        id: idOf(endpoint, question),
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
