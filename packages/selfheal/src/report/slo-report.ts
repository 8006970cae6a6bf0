import { type BurnRate, burnRates, type ErrorBudget, errorBudget } from '@selfheal/anomaly';
import type { ObjectiveSeries } from '@selfheal/contracts';
import { readObjectives } from '@selfheal/handlers/stored-telemetry';
import { storedWindows } from '../heal/stored-windows.ts';
import type { ReportSource } from './stored-telemetry.ts';

export interface SloReport extends Omit<ObjectiveSeries, 'buckets'> {
  readonly budget: ErrorBudget;
  readonly burnRates: readonly BurnRate[];
  /** `missed`: the budget is used up; `burning`: a burn rate is over its limit; `unknown`: no call was seen. */
  readonly state: 'kept' | 'burning' | 'missed' | 'unknown';
}

/** The declared objectives as of the newest stored telemetry. Needs no engine. */
export async function sloReport({ project, records }: ReportSource): Promise<SloReport[]> {
  const newest = (await storedWindows(records, project.id, project.config.intake.lookbackMs)).at(-1);
  const until = newest?.to ?? Date.now();
  const all = await readObjectives(records, project.id, project.config, until, { heartbeat: () => undefined });
  return all.map(({ buckets, ...objective }) => {
    const series = { ...objective, buckets };
    const budget = errorBudget(series);
    const rates = burnRates(series, until);
    return { ...objective, budget, burnRates: rates, state: stateOf(budget, rates) };
  });
}

function stateOf({ total, spent }: ErrorBudget, rates: readonly BurnRate[]): SloReport['state'] {
  if (total === 0) return 'unknown';
  if (spent >= 1) return 'missed';
  return rates.some(({ isBreach }) => isBreach) ? 'burning' : 'kept';
}
