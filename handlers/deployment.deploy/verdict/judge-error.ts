import type { ErrorDetails } from '@selfheal/contracts';
import { callsOf, errorCount, type Observation, operationsOf } from '../observe/observation.ts';
import { chanceOfSilence, EARLY_ALPHA, type Evidence, inWords, type Judgement, percent, tooLittle } from './judgement.ts';

/**
 * An error is healed when its fingerprint does not come back over enough calls of the operations that showed it. Enough for an early
 * verdict are so many that silence by luck is unlikely at the rate before; at the window's end, the minimum traffic.
 */
export function judgeError(details: ErrorDetails, { anomaly, before, after, minimumTraffic, final }: Evidence): Judgement {
  const { fingerprint } = details.error;
  const operations = telling(operationsOf(anomaly), before, fingerprint);
  const then = { calls: callsOf(before, operations).calls, errors: errorCount(before, fingerprint) };
  const now = { calls: callsOf(after, operations).calls, errors: errorCount(after, fingerprint) };
  const share = then.calls === 0 ? (details.shareOfCalls ?? 0) : Math.min(1, then.errors / then.calls);
  const pValue = chanceOfSilence(share, now.calls);
  const figures = { traffic: now.calls, recurrences: now.errors, before: { ...then, rate: share }, after: { ...now, rate: rate(now) } };
  const where = operations.length === 0 ? 'calls' : `calls of ${operations.join(', ')}`;
  if (now.errors > 0)
    return { ...figures, verdict: 'failed', detail: `the error came back ${now.errors} times in ${now.calls} ${where} with the fix` };
  const enough = now.calls >= minimumTraffic;
  if (enough && (final || pValue < EARLY_ALPHA)) {
    const luck = share > 0 ? `; ${inWords(pValue)} that this is luck` : '';
    return {
      ...figures,
      verdict: 'verified',
      pValue,
      detail: `no recurrence in ${now.calls} ${where}; ${percent(share)} failed before${luck}`,
    };
  }
  return { ...figures, verdict: final ? 'inconclusive' : undefined, pValue, detail: tooLittle(now.calls, minimumTraffic, where) };
}

/** Where only the errors of an operation are logged and never its good calls, the traffic of all operations has to do. */
function telling(operations: readonly string[], before: Observation, fingerprint: string): readonly string[] {
  return callsOf(before, operations).calls > errorCount(before, fingerprint) ? operations : [];
}

function rate({ calls, errors }: { calls: number; errors: number }): number {
  return calls === 0 ? 0 : errors / calls;
}
