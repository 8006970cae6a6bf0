import type { BeatOutput, Handler, MetricComparison } from '@selfheal/contracts';
import { mainComparison } from './main-comparison.ts';

type Improvement = BeatOutput<'calculateImprovement'>['improvement'];

/**
 * Sequence learning.track, movement Judge. What was gained, as a share of what it was before (1: the fault is gone; negative: worse), for
 * each side that has enough data: performance, errors, coverage (share of the named lines), behavioural.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const calculateImprovement: Handler<'calculateImprovement'> = ({ anomaly, comparisons }) => {
  const of = (...metrics: string[]) => improvementOf(comparisons, metrics);
  const improvement: Improvement = {
    ...side('performance', durationGain(comparisons)),
    ...side('errors', anomaly.type === 'error' ? of('incident error rate', 'error rate') : of('error rate')),
    ...side('coverage', of('covered lines')),
    ...side('behavioral', of('deviating runs')),
  };
  return { improvement };
};

/** Some faults slow down the median, others only the slow end: the side that gained more tells. */
function durationGain(comparisons: readonly MetricComparison[]): number | undefined {
  const main = mainComparison('performance', comparisons);
  return main?.enoughData === true ? main.improvement : undefined;
}

/** Of the first of the metrics that has enough data. */
function improvementOf(comparisons: readonly MetricComparison[], metrics: readonly string[]): number | undefined {
  for (const name of metrics) {
    const found = comparisons.find(({ metric, enoughData }) => metric === name && enoughData);
    if (found !== undefined) return found.improvement;
  }
  return undefined;
}

function side(name: keyof Improvement, value: number | undefined): Improvement {
  return value === undefined ? {} : { [name]: value };
}
