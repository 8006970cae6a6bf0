import { DEFAULT_AI_RETRIES } from '@selfheal/contracts';
import type { AiRemediationPlan, BeatBase, RetryPlan } from '../../interpreter/plan.ts';
import { DEFAULT_RETRY } from '../../interpreter/retry.ts';
import { parseDuration } from '../duration.ts';
import type { JsonField } from '../json-field.ts';
import { positionAt } from '../source-text.ts';
import type { OwnContext } from './own-context.ts';
import { readCondition } from './read-condition.ts';
import type { OwnBeat, OwnCommon } from './shapes.ts';
import type { Visible } from './visible.ts';

/** What all beat forms share. `id` is the beat's id, claimed before. */
export function readBase(field: JsonField, read: OwnCommon, id: string, visible: Visible, context: OwnContext): BeatBase {
  const when = field.get('when');
  const retry = read.retry ? retryPlan(read.retry) : read.errorHandling === 'retry' ? DEFAULT_RETRY : undefined;
  const timeoutMs = parseDuration(read.timeout);
  return {
    id,
    ...(read.title !== undefined && { title: read.title }),
    ...(read.event !== undefined && { event: read.event }),
    timing: 'immediate',
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    errorHandling: read.errorHandling ?? 'abort',
    ...(read.aiRemediation && { aiRemediation: aiRemediationPlan(read.aiRemediation) }),
    at: positionAt(context.findings.source, field.offset),
    ...(when && { when: readCondition(when, visible, context.findings) }),
  };
}

function retryPlan(retry: NonNullable<OwnBeat<'handler'>['retry']>): RetryPlan {
  return {
    maximumAttempts: retry.maximumAttempts,
    initialIntervalMs: parseDuration(retry.initialInterval) ?? DEFAULT_RETRY.initialIntervalMs,
    backoff: retry.backoff ?? DEFAULT_RETRY.backoff,
    maximumIntervalMs: parseDuration(retry.maximumInterval) ?? DEFAULT_RETRY.maximumIntervalMs,
  };
}

function aiRemediationPlan(read: NonNullable<OwnBeat<'handler'>['aiRemediation']>): AiRemediationPlan {
  return { ...read, maxAiRetries: read.maxAiRetries ?? DEFAULT_AI_RETRIES };
}
