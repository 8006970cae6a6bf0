import { ERRORS, type ErrorCode, isSelfhealError, SelfhealError } from '@selfheal/contracts/errors';
import type { Lane, Place } from './run.ts';
import type { BeatFailure } from './runtime.ts';

/** What an error says of the beat that failed. */
export interface BeatPlace {
  readonly id: string;
  readonly handler?: string;
  readonly at: { readonly line: number };
}

/**
 * The error of a beat, with its place: a registered error keeps its code, any other becomes BEAT_FAILED. An engine may have
 * wrapped the handler's error several times; the code and the message are taken from the innermost one that has a code.
 */
export function beatError(error: unknown, beat: BeatPlace, plan: { readonly id: string }): SelfhealError {
  if (isSelfhealError(error) && error.where.beat !== undefined) return error;
  const where = { sequence: plan.id, beat: beat.id, ...(beat.handler !== undefined && { handler: beat.handler }), line: beat.at.line };
  if (isSelfhealError(error)) return new SelfhealError(error.code, error.detail, { where: { ...where, ...error.where }, cause: error });
  const chain = causes(error);
  const coded = chain.findLast((link) => codeOf(link) !== undefined);
  const code = codeOf(coded) ?? 'BEAT_FAILED';
  const root = coded ?? chain.at(-1);
  return new SelfhealError(code, bareDetail(code, messageOf(root)), { where, cause: error });
}

export function failureOf(error: SelfhealError, beat: BeatPlace, movement: string): BeatFailure {
  const failed = typeof error.where.beat === 'string' ? error.where.beat : beat.id;
  const handler = typeof error.where.handler === 'string' ? { handler: error.where.handler } : {};
  return { beat: failed, movement, ...handler, code: error.code, message: error.message };
}

/** Keeps a failure that lets the sequence go on, and marks the branches that it happened in. */
export function recordFailure({ run, lane }: Pick<Place, 'run' | 'lane'>, failure: BeatFailure): void {
  run.failures.push(failure);
  for (let branch: Lane | undefined = lane; branch !== undefined; branch = branch.parent) branch.failed = true;
}

/** False where the same attempt would fail again. */
export function isRetryable(error: unknown): boolean {
  for (const link of causes(error)) {
    if (isSelfhealError(link) && !link.retryable) return false;
    if (typeof link === 'object' && link !== null && 'nonRetryable' in link && link.nonRetryable === true) return false;
  }
  return true;
}

const MAX_CAUSES = 20;

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let link = error;
  while (link !== undefined && link !== null && chain.length < MAX_CAUSES) {
    chain.push(link);
    link = link instanceof Error ? link.cause : undefined;
  }
  return chain;
}

/** The registered code of our error, or of an engine's failure that carries it as its type. */
function codeOf(link: unknown): ErrorCode | undefined {
  if (typeof link !== 'object' || link === null) return undefined;
  if ('code' in link && isCode(link.code)) return link.code;
  return 'type' in link && isCode(link.type) ? link.type : undefined;
}

function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error));
}

/** A registered error that travelled as text carries title and fix already; they are not said twice. */
function bareDetail(code: ErrorCode, message: string): string {
  const { title, fix } = ERRORS[code];
  const withoutTitle = message.startsWith(`${title}: `) ? message.slice(title.length + 2) : message;
  return withoutTitle.endsWith(`. ${fix}.`) ? withoutTitle.slice(0, -(fix.length + 3)) : withoutTitle;
}
