import { judgeBehaviour } from './judge-behaviour.ts';
import { judgeError } from './judge-error.ts';
import { judgePerformance } from './judge-performance.ts';
import type { Evidence, Judgement } from './judgement.ts';

/** Judges by the class of the anomaly. Coverage is not judged by traffic (see `coveredLines`). */
export function judge(evidence: Evidence): Judgement {
  const { details } = evidence.anomaly;
  switch (details.type) {
    case 'error':
      return judgeError(details, evidence);
    case 'performance':
      return judgePerformance(details, evidence);
    case 'behavioral':
      return judgeBehaviour(details, evidence);
    case 'coverage':
      return {
        verdict: 'inconclusive',
        traffic: 0,
        recurrences: 0,
        before: {},
        after: {},
        detail: 'coverage is judged by running the tests',
      };
    case 'signal':
      return {
        verdict: 'inconclusive',
        traffic: 0,
        recurrences: 0,
        before: {},
        after: {},
        detail: 'it names no code that a fix could be of',
      };
  }
}
