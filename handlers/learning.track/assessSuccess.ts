import type { BeatInput, Handler, MetricComparison, Verdict } from '@selfheal/contracts';
import { mainComparison } from './main-comparison.ts';

type Input = BeatInput<'assessSuccess'>;

/** A worsening of this size is worth a word: Cliff's delta "medium" (Romano 2006). */
const NOTABLE = 0.33;

/**
 * Sequence learning.track, movement Judge. Whether the fix worked. A revert means it did not; a firm verdict of the verification stands;
 * where there was too little traffic then, what was seen since may decide. What got worse beside it is told, and decides nothing.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const assessSuccess: Handler<'assessSuccess'> = (input) => {
  const { verdict, why } = judge(input);
  const worse = input.comparisons
    .filter(isWorse)
    .map(({ metric, before, after }) => `${metric} went from ${figure(before)} to ${figure(after)}`);
  const aside = worse.length === 0 ? '' : `; worse beside it: ${worse.join(', ')}`;
  return { successful: verdict === 'verified', verdict, why: `${why}${aside}` };
};

function judge({ anomaly, deployment, comparisons }: Input): { verdict: Verdict; why: string } {
  const { verification, revertCommit, reason } = deployment;
  if (revertCommit !== undefined) return { verdict: 'failed', why: `reverted: ${reason ?? verification?.detail ?? 'it did not help'}` };
  if (verification !== undefined && verification.verdict !== 'inconclusive')
    return { verdict: verification.verdict, why: verification.detail };
  const main = mainComparison(anomaly.type, comparisons);
  if (main?.significant === true) {
    const verdict = main.improvement > 0 ? 'verified' : 'failed';
    return { verdict, why: `${main.metric} went from ${figure(main.before)} to ${figure(main.after)} since the deploy` };
  }
  return { verdict: 'inconclusive', why: verification?.detail ?? 'it was not verified in production' };
}

function isWorse({ significant, effect, metric }: MetricComparison): boolean {
  return significant && (metric.startsWith('duration') ? effect <= -NOTABLE : effect < 0);
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
