import type { Anomaly, Detector, ObjectiveSeries, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { thresholdFactor } from '../naming/threshold.ts';
import { count, percent, probability } from '../naming/words.ts';
import { type Point, plotOf } from '../plots/plot.ts';
import { type BurnRate, burnRates, type ErrorBudget, errorBudget } from './error-budget.ts';

export const BUDGET_BURN = 'budget-burn';

/**
 * Objectives whose error budget burns too fast, over a long and a short window at once (see `burnRates`). Findings: what burns it is
 * found by the other detectors.
 */
export const detectBudgetBurn: Detector = {
  name: BUDGET_BURN,
  type: 'performance',
  detect(snapshot) {
    return (snapshot.objectives ?? []).flatMap((series) => {
      const factor = thresholdFactor(snapshot, BUDGET_BURN, { operation: series.operation });
      const breach = burnRates(series, snapshot.window.to).find(({ isBreach, long, limit }) => isBreach && long >= limit * factor);
      return breach === undefined ? [] : [burnAnomaly(snapshot, series, breach)];
    });
  },
};

function burnAnomaly(snapshot: TelemetrySnapshot, series: ObjectiveSeries, breach: BurnRate): Anomaly {
  const fingerprint = fingerprintOf('performance', BUDGET_BURN, series.name);
  const budget = errorBudget(series);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: series.kind === 'availability' ? 'error' : 'performance',
    detector: BUDGET_BURN,
    fingerprint,
    title: `${series.name}: the error budget burns ${breach.long.toFixed(1)} times as fast as it may`,
    description: describe(series, breach, budget),
    severity: breach.urgency === 'page' ? 'high' : 'medium',
    confidence: 0.9,
    place: { operation: series.operation },
    metrics: {
      burnRate: breach.long,
      shortBurnRate: breach.short,
      limit: breach.limit,
      spent: budget.spent,
      attained: budget.attained,
      target: series.target,
      pValue: breach.pValue,
      lastSeen: budget.to ?? snapshot.window.to,
    },
    evidence: [...series.evidence],
    details: {
      type: 'signal',
      signal: 'objective',
      measure: 'times the failure rate that just uses the budget up',
      expected: 1,
      seen: breach.long,
      parts: [
        { name: `last ${hours(breach.longMs)}`, expected: breach.limit, seen: breach.long },
        { name: `last ${hours(breach.shortMs)}`, expected: breach.limit, seen: breach.short },
      ],
    },
    plot: burnPlot(series, snapshot.window.to - breach.longMs),
    finding: true,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

function describe({ target, kind, thresholdMs }: ObjectiveSeries, breach: BurnRate, budget: ErrorBudget): string {
  const bad = kind === 'latency' ? `slower than ${thresholdMs} ms` : 'failed';
  const promised = `${percent(1 - target)} of the calls may be`;
  return `${breach.long.toFixed(1)} times the budgeted rate over the last ${hours(breach.longMs)} and ${breach.short.toFixed(1)} times over the last ${hours(breach.shortMs)}, where ${breach.limit} is the limit (${breach.urgency}; ${probability(breach.pValue)} if the budget were just used up). Of ${count(budget.total, 'call')} in the period ${budget.bad} ${bad}, ${promised}: ${percent(budget.spent)} of the error budget is spent.`;
}

/** Share of bad calls in units of the budgeted one, before and in the long window. */
function burnPlot({ buckets, target }: ObjectiveSeries, since: number) {
  const points = buckets.filter(({ total }) => total > 0).map(({ from, total, bad }): Point => [from, bad / total / (1 - target)]);
  return plotOf(
    'failure rate in units of the budgeted one',
    points.filter(([at]) => at < since),
    points.filter(([at]) => at >= since),
    1,
  );
}

function hours(ms: number): string {
  const minutes = ms / 60_000;
  return minutes < 120 ? `${Number(minutes.toFixed(1))} min` : `${Number((minutes / 60).toFixed(1))} h`;
}
