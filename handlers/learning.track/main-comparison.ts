import type { AnomalyType, MetricComparison } from '@selfheal/contracts';

/** The metric that says whether the anomaly itself is gone. */
export function mainComparison(type: AnomalyType, comparisons: readonly MetricComparison[]): MetricComparison | undefined {
  const byName = (name: string) => comparisons.find(({ metric }) => metric === name);
  switch (type) {
    case 'error':
      return byName('incident error rate');
    case 'performance':
      return greater(byName('duration p50'), byName('duration p95'));
    case 'behavioral':
      return byName('deviating runs');
    case 'coverage':
      return byName('covered lines');
  }
}

function greater(a: MetricComparison | undefined, b: MetricComparison | undefined): MetricComparison | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.improvement > a.improvement ? b : a;
}
