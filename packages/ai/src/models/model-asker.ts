import { setTimeout as sleep } from 'node:timers/promises';
import { type AiConfig, isSelfhealError, type ModelCall, SelfhealError } from '@selfheal/contracts';
import { ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Reservation, SpendLedger, Usage } from '../budget/spend-ledger.ts';
import { estimateTokens } from '../context/size.ts';
import { createModelClient } from './create-client.ts';
import type { ModelEndpoint } from './endpoints.ts';
import type { ModelClient, ModelReply, ModelRequest } from './model-client.ts';
import { isTimeout } from './model-failure.ts';
import { costOf } from './price-table.ts';

/** One model behind its limits: deadline, retries, rate, circuit breaker and budget. */
export interface ModelAsker {
  readonly endpoint: ModelEndpoint;
  /** `text` is there where it answered, `error` (one of AI_* or CANCELLED) where it did not. Never rejects. */
  ask(request: ModelRequest, about: { incidentId: string; purpose: ModelCall['purpose'] }, signal: AbortSignal): Promise<AskedModel>;
}

export type AskedModel = { readonly call: ModelCall } & ({ readonly text: string } | { readonly error: SelfhealError });

export type AskerSettings = Pick<AiConfig, 'timeoutMs' | 'maxRequests' | 'requestsPerMinute'>;

const BREAK_AFTER = 5;
const BREAK_MS = 30_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;
/** Tokens that a server adds around the texts. */
const OVERHEAD_TOKENS = 500;
/** A text has at least this many bytes a token on average; a server that reports less is not believed. */
const MAX_BYTES_PER_TOKEN = 12;

export function createModelAsker(endpoint: ModelEndpoint, settings: AskerSettings, ledger: SpendLedger): ModelAsker {
  const client = createModelClient(endpoint, settings.timeoutMs);
  const breaker = circuitBreaker(handleWhen(isProviderFailure), { breaker: new ConsecutiveBreaker(BREAK_AFTER), halfOpenAfter: BREAK_MS });
  const limiter = new RateLimiterMemory({ points: settings.requestsPerMinute, duration: 60 });
  return {
    endpoint,
    async ask(request, { incidentId, purpose }, signal) {
      const startedAt = Date.now();
      const deadline = startedAt + settings.timeoutMs;
      const within = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]);
      const spent = { requests: 0, costUsd: 0, inputTokens: 0, outputTokens: 0 };
      const account = { ledger, incidentId, spent };
      const asked = await repeat(endpoint, settings.maxRequests, deadline, within, async () => {
        await takeTurn(endpoint, limiter, deadline, within);
        return breaker.execute(() => paidRequest(endpoint, client, request, account, within));
      });
      const { requests, ...usage } = spent;
      const call: ModelCall = {
        provider: endpoint.api,
        model: endpoint.model,
        purpose,
        outcome: 'text' in asked ? 'answered' : 'failed',
        startedAt,
        durationMs: Date.now() - startedAt,
        ...usage,
        requests,
        ...('error' in asked ? { error: `${asked.error.code}: ${asked.error.detail}` } : {}),
      };
      return { ...asked, call };
    },
  };
}

interface Account {
  readonly ledger: SpendLedger;
  readonly incidentId: string;
  readonly spent: { requests: number } & { -readonly [field in keyof Usage]: number };
}

/**
 * Tries until it answers, the requests are used up or the time is over. Waits as long as the server asks (`retry-after`), else
 * exponentially with full jitter (Brooker, "Exponential backoff and jitter", 2015). A wait that would outlast the deadline is not begun:
 * the next model is asked sooner.
 */
async function repeat(
  endpoint: ModelEndpoint,
  maxRequests: number,
  deadline: number,
  signal: AbortSignal,
  request: () => Promise<ModelReply>,
): Promise<{ text: string } | { error: SelfhealError }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { text: (await request()).text };
    } catch (cause) {
      const error = knownError(endpoint, cause, signal);
      const wait = waitBefore(error, attempt);
      if (attempt >= maxRequests || wait === undefined || Date.now() + wait >= deadline) return { error };
      const woken = await sleep(wait, undefined, { signal }).then(
        () => true,
        () => false,
      );
      if (!woken) return { error: knownError(endpoint, signal.reason, signal) };
    }
  }
}

function waitBefore(error: SelfhealError, attempt: number): number | undefined {
  if (error.where.broken === true || (error.code !== 'AI_UNAVAILABLE' && error.code !== 'AI_RATE_LIMITED')) return undefined;
  const asked = error.where.retryAfterMs;
  return typeof asked === 'number' ? asked : Math.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
}

/** Waits until the rate allows one more request; fails with AI_RATE_LIMITED where that would be after the deadline. */
async function takeTurn(endpoint: ModelEndpoint, limiter: RateLimiterMemory, deadline: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const refused = await limiter.consume(endpoint.name).then(
      () => undefined,
      (answer: unknown) => answer,
    );
    if (refused === undefined) return;
    if (!(refused instanceof RateLimiterRes) || Date.now() + refused.msBeforeNext >= deadline) {
      throw new SelfhealError('AI_RATE_LIMITED', `${endpoint.name}: ai.requestsPerMinute is reached`, {
        where: { model: endpoint.name, broken: true },
      });
    }
    await sleep(refused.msBeforeNext, undefined, { signal });
  }
}

/** One request, paid before it is sent and settled after. */
async function paidRequest(
  endpoint: ModelEndpoint,
  client: ModelClient,
  request: ModelRequest,
  account: Account,
  signal: AbortSignal,
): Promise<ModelReply> {
  signal.throwIfAborted();
  const bytes = requestBytes(request);
  // A token is a byte at least, so this is the most that the request can cost.
  const most = { inputTokens: bytes + OVERHEAD_TOKENS, outputTokens: endpoint.maxOutputTokens };
  const reservation = await account.ledger.reserve(account.incidentId, costOf(endpoint.price, most.inputTokens, most.outputTokens));
  account.spent.requests += 1;
  try {
    const reply = await client.send(request, signal);
    const inputTokens = believable(reply.inputTokens, bytes, most.inputTokens);
    const outputTokens = believable(reply.outputTokens, Buffer.byteLength(reply.text, 'utf8'), most.outputTokens);
    await settle(account, reservation, { inputTokens, outputTokens, costUsd: costOf(endpoint.price, inputTokens, outputTokens) });
    return reply;
  } catch (error) {
    // A request whose answer was lost may have been billed: its reservation is spent.
    const billed = !isSelfhealError(error) || error.where.billed !== false;
    await settle(
      account,
      reservation,
      billed ? { ...most, costUsd: reservation.costUsd } : { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    );
    throw error;
  }
}

async function settle({ ledger, spent }: Account, reservation: Reservation, usage: Usage): Promise<void> {
  await ledger.settle(reservation, usage);
  spent.costUsd += usage.costUsd;
  spent.inputTokens += usage.inputTokens;
  spent.outputTokens += usage.outputTokens;
}

/** The reported count, if it is possible for a text of so many bytes; else an estimate. */
function believable(reported: number | undefined, bytes: number, most: number): number {
  return reported === undefined || reported < bytes / MAX_BYTES_PER_TOKEN
    ? Math.min(most, estimateTokens(bytes))
    : Math.min(most, reported);
}

function requestBytes({ messages, schema, system }: ModelRequest): number {
  return Buffer.byteLength(JSON.stringify([system, messages, schema]), 'utf8');
}

function isProviderFailure(error: unknown): boolean {
  return isSelfhealError(error) && (error.code === 'AI_UNAVAILABLE' || error.code === 'AI_TIMEOUT');
}

function knownError(endpoint: ModelEndpoint, error: unknown, signal: AbortSignal): SelfhealError {
  const where = { model: endpoint.name, broken: true };
  if (isBrokenCircuitError(error))
    return new SelfhealError('AI_UNAVAILABLE', `${endpoint.name}: it failed ${BREAK_AFTER} times in a row and is left alone for a while`, {
      where,
    });
  if (isSelfhealError(error)) return error;
  if (signal.aborted) {
    return isTimeout(signal.reason)
      ? new SelfhealError('AI_TIMEOUT', `${endpoint.name}: no answer within the time given`, { where })
      : new SelfhealError('CANCELLED', `${endpoint.name}: the request was cancelled`, { where });
  }
  return new SelfhealError('AI_UNAVAILABLE', `${endpoint.name}: ${error instanceof Error ? error.message : String(error)}`, { where });
}
