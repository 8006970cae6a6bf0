import type { BehavioralDetails } from '@selfheal/contracts';
import { fisherGreater } from '@selfheal/statistics';
import { flowConformance } from '../observe/flow-conformance.ts';
import { ALPHA, chanceOfSilence, EARLY_ALPHA, type Evidence, type Judgement, percent, tooLittle } from './judgement.ts';

/** Lost lines and cut runs deviate too: up to this share the detector keeps silent. */
const NOISE = 0.02;
/** So many deviating runs are no accident. */
const SURE_RUNS = 3;

/** A flow is healed when its runs conform: none deviates, or hardly any and clearly fewer than before. */
export function judgeBehaviour(details: BehavioralDetails, { anomaly, before, after, minimumTraffic, final }: Evidence): Judgement {
  const then = flowConformance(before.flows, anomaly);
  const now = flowConformance(after.flows, anomaly);
  const deviating = now.runs - now.conforming;
  const shareBefore = then.runs === 0 ? details.share : (then.runs - then.conforming) / then.runs;
  const share = now.runs === 0 ? 0 : deviating / now.runs;
  const pValue =
    deviating === 0
      ? chanceOfSilence(shareBefore, now.runs)
      : fisherGreater({ hits: deviating, total: now.runs }, { hits: then.runs - then.conforming, total: then.runs });
  const figures = {
    traffic: now.runs,
    recurrences: deviating,
    before: { runs: then.runs, conforming: then.conforming, share: shareBefore },
    after: { runs: now.runs, conforming: now.conforming, share },
    pValue,
  };
  if (deviating >= SURE_RUNS && share > NOISE)
    return {
      ...figures,
      verdict: 'failed',
      detail: `${deviating} of ${now.runs} runs of ${details.flow} still deviate (${percent(share)}; ${percent(shareBefore)} before)`,
    };
  if (now.runs < minimumTraffic)
    return {
      ...figures,
      verdict: final ? 'inconclusive' : undefined,
      detail: tooLittle(now.runs, minimumTraffic, `runs of ${details.flow}`),
    };
  const detail = `${now.conforming} of ${now.runs} runs of ${details.flow} conform; ${percent(shareBefore)} deviated before`;
  if (deviating === 0 && (final || pValue < EARLY_ALPHA)) return { ...figures, verdict: 'verified', detail };
  if (!final) return { ...figures, verdict: undefined, detail };
  return { ...figures, verdict: share <= NOISE && pValue < ALPHA ? 'verified' : 'inconclusive', detail };
}
