import type { ObjectiveSeries } from '@selfheal/contracts';
import { binomialTail } from '@selfheal/statistics';

export interface ErrorBudget {
  readonly total: number;
  readonly bad: number;
  /** Share of calls that kept the promise; 1 where there was none. */
  readonly attained: number;
  /** Share of the budget that is spent; above 1 the objective is missed. */
  readonly spent: number;
  /** Epoch ms: of the period that is looked at, what telemetry covers; undefined where none does. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** How fast the budget burns over a long window and, to know that it still does, a short one. */
export interface BurnRate {
  readonly urgency: 'page' | 'ticket';
  readonly longMs: number;
  readonly shortMs: number;
  /** Burn rate from which it is a breach: this times the failure rate that just uses the budget up. */
  readonly limit: number;
  readonly long: number;
  readonly short: number;
  /** Chance of so many bad calls in the long window where the failure rate just uses the budget up. */
  readonly pValue: number;
  readonly isBreach: boolean;
}

/**
 * Alerts of Google's SRE Workbook (Beyer et al. 2018, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts", table 5-8): 2 % of the budget in
 * 1 h, 5 % in 6 h, 10 % in 3 days of a 30-day period, and a short window of a twelfth of each. Other periods scale them.
 */
const ALERTS = [
  { urgency: 'page', budget: 0.02, limit: 14.4 },
  { urgency: 'page', budget: 0.05, limit: 6 },
  { urgency: 'ticket', budget: 0.1, limit: 1 },
] as const;
const SHORT_SHARE = 1 / 12;
/** With little traffic two bad calls are a high rate: so few are no breach, nor is what chance may bring (the chapter's "Low-Traffic Services"). */
const LEAST_BAD = 5;
const ALPHA = 1e-5;

export function errorBudget({ buckets, target }: ObjectiveSeries): ErrorBudget {
  const { total, bad } = countIn(buckets);
  return {
    total,
    bad,
    attained: total === 0 ? 1 : 1 - bad / total,
    spent: total === 0 ? 0 : bad / total / (1 - target),
    from: buckets[0]?.from,
    to: buckets.at(-1)?.to,
  };
}

/** All burn rates as of `now` (epoch ms), the most urgent first. */
export function burnRates({ buckets, target, periodMs }: ObjectiveSeries, now: number): BurnRate[] {
  const budgeted = 1 - target;
  return ALERTS.map(({ urgency, budget, limit }) => {
    const longMs = (budget * periodMs) / limit;
    const shortMs = longMs * SHORT_SHARE;
    const long = since(buckets, now - longMs);
    const short = since(buckets, now - shortMs);
    const pValue = binomialTail(long.bad, long.total, budgeted);
    const [longRate, shortRate] = [rateOf(long) / budgeted, rateOf(short) / budgeted];
    const isBreach = longRate >= limit && shortRate >= limit && long.bad >= LEAST_BAD && pValue < ALPHA;
    return { urgency, longMs, shortMs, limit, long: longRate, short: shortRate, pValue, isBreach };
  });
}

type Buckets = ObjectiveSeries['buckets'];

/** A bucket that begins before the moment counts for the part that lies after it. */
function since(buckets: Buckets, moment: number): { total: number; bad: number } {
  const within = buckets.filter(({ to }) => to > moment);
  return countIn(
    within.map(({ from, to, total, bad }) => {
      const part = from >= moment ? 1 : (to - moment) / Math.max(1, to - from);
      return { from, to, total: Math.round(total * part), bad: Math.round(bad * part) };
    }),
  );
}

function countIn(buckets: Buckets): { total: number; bad: number } {
  return {
    total: buckets.reduce((sum, { total }) => sum + total, 0),
    bad: buckets.reduce((sum, { bad }) => sum + bad, 0),
  };
}

function rateOf({ total, bad }: { total: number; bad: number }): number {
  return total === 0 ? 0 : bad / total;
}
