import { type ErrorCode, SelfhealError } from '@selfheal/contracts';
import type { ModelEndpoint } from './endpoints.ts';

const MAX_DETAIL = 300;
const PASSING = new Set([408, 409, 425, 500, 502, 503, 504, 529]);

/**
 * Our error for what an SDK threw. Of the server's own text little is kept, the key taken out of it; the original is not, because it
 * holds the request with its headers. `where.billed`: the request may have cost something all the same.
 */
export function modelFailure(endpoint: ModelEndpoint, error: unknown, signal: AbortSignal): SelfhealError {
  const status = numberField(error, 'status');
  const retryAfterMs = retryAfter(headersOf(error));
  const fail = (code: ErrorCode, detail: string, billed: boolean) =>
    new SelfhealError(code, `${endpoint.name}: ${withoutKey(detail, endpoint)}`, {
      where: {
        model: endpoint.name,
        ...(status === undefined ? {} : { status }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        billed,
      },
    });
  if (signal.aborted && isTimeout(signal.reason)) return fail('AI_TIMEOUT', 'no answer within the time given', true);
  if (signal.aborted) return fail('CANCELLED', 'the request was cancelled', true);
  const message = error instanceof Error ? error.message : String(error);
  if (status === undefined)
    return /timed out|timeout/i.test(message)
      ? fail('AI_TIMEOUT', 'no answer within the time given', true)
      : fail('AI_UNAVAILABLE', causeOf(error), true);
  if (status === 429) return fail('AI_RATE_LIMITED', message, false);
  return fail(PASSING.has(status) || status >= 500 ? 'AI_UNAVAILABLE' : 'AI_REFUSED', message, false);
}

export function unreadableAnswer(endpoint: ModelEndpoint, detail: string): SelfhealError {
  return new SelfhealError('AI_UNAVAILABLE', `${endpoint.name}: ${detail}`, { where: { model: endpoint.name, billed: true } });
}

export function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

/** Milliseconds of `retry-after-ms`, or of `retry-after` in seconds or as a date (RFC 9110, section 10.2.3). */
export function retryAfter(headers: Headers | undefined, now = Date.now()): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers?.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const until = Date.parse(value);
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}

function withoutKey(text: string, endpoint: ModelEndpoint): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.replaceAll(endpoint.key(), '<key>').slice(0, MAX_DETAIL);
}

/** The innermost message: `fetch failed` alone says nothing. */
function causeOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}

function headersOf(error: unknown): Headers | undefined {
  return typeof error === 'object' && error !== null && 'headers' in error && error.headers instanceof Headers ? error.headers : undefined;
}

function numberField(error: unknown, field: 'status'): number | undefined {
  return typeof error === 'object' && error !== null && field in error && typeof error[field] === 'number' ? error[field] : undefined;
}
