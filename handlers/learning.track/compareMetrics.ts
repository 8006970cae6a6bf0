import type { Handler, MetricComparison, MetricSummary } from '@selfheal/contracts';
import { fisherGreater, mannWhitney } from '@selfheal/statistics';

/** Points a side for a comparison of durations (design, "Post-deploy verdict"), and calls or runs a side for one of rates. */
const LEAST_DURATIONS = 50;
const LEAST_CALLS = 20;
const ALPHA = 0.05;

/**
 * Sequence learning.track, movement Judge. Compares before and after, metric by metric: durations by Mann–Whitney with Cliff's delta as the
 * effect, rates by Fisher's exact test with the risk difference. Improvements are relative to before; positive is better.
 * Reads its input alone; writes nothing; cannot fail. Both tests are two-sided (twice the smaller tail).
 */
export const compareMetrics: Handler<'compareMetrics'> = ({ anomaly, before, after }) => {
  const comparisons = [
    ...durationComparisons(before, after),
    ...rateComparison('error rate', { hits: before.errors, total: before.count }, { hits: after.errors, total: after.count }),
  ];
  switch (anomaly.type) {
    case 'error':
      comparisons.push(
        ...rateComparison(
          'incident error rate',
          { hits: before.incidentErrors, total: Math.max(before.count, before.incidentErrors) },
          { hits: after.incidentErrors, total: Math.max(after.count, after.incidentErrors) },
        ),
      );
      break;
    case 'behavioral':
      comparisons.push(
        ...rateComparison(
          'deviating runs',
          { hits: before.flowRuns - before.flowConforming, total: before.flowRuns },
          { hits: after.flowRuns - after.flowConforming, total: after.flowRuns },
        ),
      );
      break;
    case 'coverage':
      comparisons.push(...coverageComparison(before, after));
      break;
    case 'performance':
      break;
  }
  return { comparisons };
};

function durationComparisons(before: MetricSummary, after: MetricSummary): MetricComparison[] {
  if (before.p50 === undefined || after.p50 === undefined || before.p95 === undefined || after.p95 === undefined) return [];
  const { pGreater, pLess, superiority } = mannWhitney(before.durations, after.durations);
  const twoSided = Math.min(1, 2 * Math.min(pGreater, pLess));
  const enoughData = Math.min(before.durations.length, after.durations.length) >= LEAST_DURATIONS;
  // Cliff's delta (Cliff 1993): the share of pairs in which before exceeds after, less that of the converse.
  const shared = { effect: 2 * superiority - 1, pValue: twoSided, significant: enoughData && twoSided < ALPHA, enoughData };
  return [
    { metric: 'duration p50', before: before.p50, after: after.p50, improvement: relative(before.p50, after.p50), ...shared },
    { metric: 'duration p95', before: before.p95, after: after.p95, improvement: relative(before.p95, after.p95), ...shared },
  ];
}

interface Share {
  readonly hits: number;
  readonly total: number;
}

function rateComparison(metric: string, before: Share, after: Share): MetricComparison[] {
  if (before.total === 0 || after.total === 0) return [];
  const then = before.hits / before.total;
  const now = after.hits / after.total;
  const pValue = Math.min(1, 2 * Math.min(fisherGreater(before, after), fisherGreater(after, before)));
  const enoughData = Math.min(before.total, after.total) >= LEAST_CALLS;
  const significant = enoughData && pValue < ALPHA;
  return [{ metric, before: then, after: now, improvement: relative(then, now), effect: then - now, pValue, significant, enoughData }];
}

/** Tests run lines or they do not: nothing is left to chance. */
function coverageComparison(before: MetricSummary, after: MetricSummary): MetricComparison[] {
  const total = after.totalLines ?? 0;
  if (total === 0 || before.coveredLines === undefined || after.coveredLines === undefined) return [];
  const gain = (after.coveredLines - before.coveredLines) / total;
  return [
    {
      metric: 'covered lines',
      before: before.coveredLines / total,
      after: after.coveredLines / total,
      improvement: gain,
      effect: gain,
      significant: gain !== 0,
      enoughData: true,
    },
  ];
}

/** Share of before that was saved; where there was nothing before, all of what came is a loss. */
function relative(before: number, after: number): number {
  if (before > 0) return (before - after) / before;
  return after > 0 ? -1 : 0;
}
