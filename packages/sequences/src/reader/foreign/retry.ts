import type { RetryPlan } from '../../interpreter/plan.ts';
import { DEFAULT_RETRY } from '../../interpreter/retry.ts';
import { parseDuration } from '../duration.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';

/** The most attempts an engine can count: what "keep trying" becomes. */
export const UNLIMITED_ATTEMPTS = 2_147_483_647;

/**
 * Retry settings as other tools write them: `max_attempts`, `backoff: exponential | linear | fixed`, or a builder's
 * `strategy: keep-trying | fail-after-x | exponential-backoff | none`.
 */
export function readForeignRetry(field: JsonField, findings: Findings): RetryPlan | undefined {
  const strategy = field.text('strategy');
  if (strategy === 'none') return { ...DEFAULT_RETRY, maximumAttempts: 1 };
  const attempts = attemptsOf(field);
  const unlimited = strategy === 'keep-trying' && attempts === undefined;
  if (attempts === undefined && !unlimited && !field.isObject) {
    findings.add('warning', 'VALUE_INVALID', field, 'the retry cannot be read and is left out', {
      expected: 'an object with max_attempts',
    });
    return undefined;
  }
  const initial = field.first('initial_interval', 'initialInterval', 'initial_delay', 'delay', 'interval');
  const maximum = field.first('max_interval', 'maxInterval', 'maximumInterval', 'max_delay', 'maximum_interval');
  return {
    maximumAttempts: unlimited ? UNLIMITED_ATTEMPTS : (attempts ?? DEFAULT_RETRY.maximumAttempts),
    initialIntervalMs: parseDuration(initial?.value, 1_000) ?? DEFAULT_RETRY.initialIntervalMs,
    backoff: backoffOf(field, findings),
    maximumIntervalMs: parseDuration(maximum?.value, 1_000) ?? DEFAULT_RETRY.maximumIntervalMs,
  };
}

function attemptsOf(field: JsonField): number | undefined {
  const total = field.first('max_attempts', 'maxAttempts', 'maximumAttempts', 'attempts')?.value;
  const again = field.first('max_retries', 'maxRetries', 'retries')?.value;
  const attempts = field.isObject ? (typeof total === 'number' ? total : typeof again === 'number' ? again + 1 : undefined) : field.value;
  return typeof attempts === 'number' && attempts >= 1 ? Math.min(Math.floor(attempts), UNLIMITED_ATTEMPTS) : undefined;
}

function backoffOf(field: JsonField, findings: Findings): number {
  const coefficient = field.first('backoff_coefficient', 'backoffCoefficient', 'multiplier', 'backoff_multiplier')?.value;
  if (typeof coefficient === 'number' && coefficient >= 1) return coefficient;
  const backoff = field.get('backoff');
  if (typeof backoff?.value === 'number' && backoff.value >= 1) return backoff.value;
  switch (backoff?.value) {
    case 'fixed':
    case 'constant':
    case 'none':
      return 1;
    case 'linear':
      findings.add('info', 'NOT_SUPPORTED', backoff, 'pauses that grow linearly are not built; they stay the same here');
      return 1;
    default:
      return DEFAULT_RETRY.backoff;
  }
}
