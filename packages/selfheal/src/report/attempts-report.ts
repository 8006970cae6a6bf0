import type { AttemptResult, DecisionKind, ModelCall, Records, RemediationAttempt } from '@selfheal/contracts';
import { quantile } from 'simple-statistics';

/** How attempts ended, what decided on them, how long models took and what they cost. Shares are 0..1, times milliseconds, costs dollars. */
export interface AttemptsReport {
  readonly from: number;
  readonly to: number;
  readonly attempts: number;
  readonly results: Readonly<Partial<Record<AttemptResult, number>>>;
  readonly decisions: Readonly<Partial<Record<DecisionKind, number>>>;
  /** Of those whose decision was put to the test (healed, failed again, refused), the share that healed; undefined where none was. */
  readonly successRate: number | undefined;
  readonly proposers: readonly ProposerReport[];
  readonly models: readonly ModelReport[];
  /** The account of this month (UTC), reservations that were never settled included. */
  readonly month: { readonly costUsd: number; readonly limitUsd: number };
  /** What a person should look at. */
  readonly warnings: readonly string[];
}

export interface ProposerReport {
  readonly proposer: string;
  readonly decided: number;
  readonly tested: number;
  readonly healed: number;
}

export interface ModelReport {
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly meanMs: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface AttemptsReportRequest {
  readonly projectId: string;
  readonly monthlyLimitUsd: number;
  /** Epoch ms. */
  readonly now: number;
  /** Milliseconds back from now. */
  readonly spanMs: number;
}

/** Below it something is wrong with the models, the templates or the beats; said only with enough attempts to tell. */
const LOW_SUCCESS = 0.5;
const ENOUGH = 10;
const NEAR_LIMIT = 0.8;

export async function attemptsReport(records: Records, request: AttemptsReportRequest): Promise<AttemptsReport> {
  const { projectId, monthlyLimitUsd, now, spanMs } = request;
  const from = now - spanMs;
  const attempts = await records.list('remediationAttempt', { where: { projectId }, range: { field: 'createdAt', from, to: now + 1 } });
  const [spend] = await records.list('aiSpend', { where: { projectId, scope: 'month', key: new Date(now).toISOString().slice(0, 7) } });
  const tested = attempts.filter(isTested);
  const successRate = tested.length === 0 ? undefined : tested.filter(isHealed).length / tested.length;
  const models = modelReports(attempts.flatMap(({ calls }) => calls));
  const month = { costUsd: spend?.costUsd ?? 0, limitUsd: monthlyLimitUsd };
  return {
    from,
    to: now,
    attempts: attempts.length,
    results: counted(attempts.map(({ result }) => result)),
    decisions: counted(attempts.flatMap(({ decision }) => decision?.decision ?? [])),
    successRate,
    proposers: proposerReports(attempts),
    models,
    month,
    warnings: warningsOf({ tested: tested.length, successRate, models, month }),
  };
}

function proposerReports(attempts: readonly RemediationAttempt[]): ProposerReport[] {
  const byProposer = Map.groupBy(
    attempts.filter(({ decision }) => decision !== undefined),
    ({ decision }) => decision?.model ?? decision?.proposer ?? '',
  );
  return [...byProposer]
    .map(([proposer, own]) => ({
      proposer,
      decided: own.length,
      tested: own.filter(isTested).length,
      healed: own.filter(isHealed).length,
    }))
    .sort((a, b) => b.decided - a.decided || a.proposer.localeCompare(b.proposer));
}

function modelReports(calls: readonly ModelCall[]): ModelReport[] {
  return [...Map.groupBy(calls, ({ provider, model }) => `${provider}/${model}`)].map(([model, own]) => {
    // What the store answered took no model's time.
    const times = own.filter(({ outcome }) => outcome !== 'cached').map(({ durationMs }) => durationMs);
    const sum = (field: 'inputTokens' | 'outputTokens' | 'costUsd') => own.reduce((total, call) => total + call[field], 0);
    return {
      model,
      calls: own.length,
      failed: own.filter(({ outcome }) => outcome === 'failed').length,
      meanMs: times.length === 0 ? undefined : times.reduce((total, ms) => total + ms, 0) / times.length,
      p95Ms: times.length === 0 ? undefined : quantile(times, 0.95),
      p99Ms: times.length === 0 ? undefined : quantile(times, 0.99),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costUsd: sum('costUsd'),
    };
  });
}

function warningsOf(about: { tested: number } & Pick<AttemptsReport, 'successRate' | 'models' | 'month'>): string[] {
  const { tested, successRate = 1, models, month } = about;
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const failing = models.filter(({ calls, failed }) => calls >= ENOUGH && failed / calls > LOW_SUCCESS);
  return [
    ...(tested >= ENOUGH && successRate < LOW_SUCCESS ? [`only ${percent(successRate)} of ${tested} attempts that were tried healed`] : []),
    ...failing.map(
      ({ model, calls, failed }) => `${model} failed in ${failed} of ${calls} calls; \`selfheal doctor\` tells whether it is there`,
    ),
    ...(month.costUsd >= NEAR_LIMIT * month.limitUsd && month.costUsd > 0
      ? [`$${month.costUsd.toFixed(2)} of $${month.limitUsd} of this month are spent; at the limit no model is asked`]
      : []),
  ];
}

function isTested({ result }: RemediationAttempt): boolean {
  return result === 'healed' || result === 'retry-failed' || result === 'refused';
}

function isHealed({ result }: RemediationAttempt): boolean {
  return result === 'healed';
}

function counted<K extends string>(values: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
