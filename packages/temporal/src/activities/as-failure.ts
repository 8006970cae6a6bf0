import { isSelfhealError } from '@selfheal/contracts';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { isRetryable } from './run-beat.ts';

/** Our codes become the failure's type, so that they are seen in Temporal's UI and by the parent workflow. */
export function asFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const failure = error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    message: failure.message,
    type: isSelfhealError(error) ? error.code : 'BEAT_FAILED',
    nonRetryable: !isRetryable(error),
    ...(isSelfhealError(error) ? { details: [{ detail: error.detail, where: error.where }] } : {}),
    cause: failure,
  });
}
