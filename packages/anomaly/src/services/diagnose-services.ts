import type { ServiceCause, ServiceContrast, ServiceDiagnosis, ServiceMetric, ServiceTelemetry } from '@selfheal/contracts';
import type { Invocation } from './invocation.ts';
import { invocationsOf } from './invocation.ts';
import { slowPlaces } from './latency-evidence.ts';
import { patternEvidence } from './pattern-evidence.ts';
import { placeEvidence } from './place-evidence.ts';
import { rankCauses } from './rank-causes.ts';
import { resourceEvidence } from './resource-evidence.ts';

export interface DiagnoseOptions {
  /** When the fault was noticed, milliseconds; the given time may be a minute off. Without it all of the telemetry is compared with the baseline. */
  readonly at?: number;
  /** A fault-free stretch; without it what lies well before `at` is taken, or all but the minutes of the fault where that is next to nothing. */
  readonly baseline?: ServiceTelemetry;
}

/** A given time of a fault is trusted to this many milliseconds. */
const SLACK_MS = 75_000;
const SLACKS_MS = [SLACK_MS, 45_000, 15_000];
/** Less than this is too little to tell what is usual. */
const ENOUGH_MS = 120_000;
/** What is looked at from the given time on. */
const HORIZON_MS = 200_000;
const LEAD_MS = 10_000;
const RECENT_MS = 300_000;

/**
 * Ranks the services that may have caused what is wrong. Every reason is a log Bayes factor against the baseline (events of logs and traces, own times, times between
 * services, resources), so they add up to one score a service that can be explained line by line. Pure: same input, same answer.
 */
export function diagnoseServices(telemetry: ServiceTelemetry, { at, baseline }: DiagnoseOptions = {}): ServiceDiagnosis {
  return diagnoseAgainst(telemetry, at, baseline === undefined ? undefined : baselineOf(baseline));
}

/** A fault-free stretch, made ready to compare several times with it. */
export interface Baseline {
  readonly invocations: readonly Invocation[];
  readonly metrics: readonly ServiceMetric[];
}

export function baselineOf(telemetry: ServiceTelemetry): Baseline {
  return { invocations: invocationsOf(telemetry), metrics: telemetry.metrics };
}

export function diagnoseAgainst(telemetry: ServiceTelemetry, at: number | undefined, baseline: Baseline | undefined): ServiceDiagnosis {
  const inWindow = (ms: number): boolean => at === undefined || (ms >= at - LEAD_MS && ms <= at + HORIZON_MS);
  const first = telemetry.spans.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY);
  const last = telemetry.spans.reduce((most, { startMs }) => Math.max(most, startMs), Number.NEGATIVE_INFINITY);
  // The rest tells what is usual only where it is at least as long.
  const hasRest = at !== undefined && baseline === undefined && first > at - SLACK_MS - ENOUGH_MS && last > at + 2 * HORIZON_MS;
  // A short recording may begin less than the slack before the fault: then the little there is must do.
  const slack = hasRest ? SLACK_MS : (SLACKS_MS.find((ms) => at !== undefined && first < at - ms - 20_000) ?? 0);
  const isEarlier = (ms: number): boolean => at !== undefined && ms < at - slack;
  const isRest = (ms: number): boolean => hasRest && ms > at + HORIZON_MS;
  // Beside a given baseline only the recent past fills gaps: what was hours ago may have been another fault's.
  const isUsable = (ms: number): boolean => (isEarlier(ms) && (baseline === undefined || ms > (at ?? 0) - RECENT_MS)) || isRest(ms);
  const current = invocationsOf(pick(telemetry, inWindow));
  const given = baseline?.invocations ?? [];
  const base = [...given, ...unknownIn(given, invocationsOf(pick(telemetry, isUsable)))];
  const earlierMetrics = [
    ...(baseline?.metrics ?? []),
    ...telemetry.metrics.filter(({ atMs }) => isEarlier(atMs + 30_000) || isRest(atMs - 30_000)),
  ];
  const laterMetrics = telemetry.metrics.filter(({ atMs }) => inWindow(atMs - 15_000));
  const evidence = [
    ...patternEvidence(base, current),
    ...placeEvidence(slowPlaces(base, current)),
    ...resourceEvidence(earlierMetrics, laterMetrics),
  ];
  const causes = rankCauses(evidence);
  const isCompared = base.length > 0 || earlierMetrics.length > 0;
  const contrast = { with: contrastOf(isCompared, baseline, hasRest), calls: base.length };
  return {
    healthy: causes.length === 0,
    contrast,
    ...(at === undefined ? {} : { atMs: at }),
    causes,
    summary: summaryOf(causes, contrast),
  };
}

function contrastOf(isCompared: boolean, baseline: Baseline | undefined, hasRest: boolean): ServiceContrast['with'] {
  if (!isCompared) return 'nothing';
  if (baseline !== undefined) return 'baseline';
  return hasRest ? 'rest' : 'before';
}

function summaryOf(causes: readonly ServiceCause[], contrast: ServiceContrast): string {
  if (contrast.with === 'nothing') return 'no baseline: give a fault-free stretch, or telemetry from before or after the fault';
  const best = causes[0];
  if (best === undefined) return 'nothing differs enough from the baseline';
  const place = [best.service, best.operation, best.region].filter((part) => part !== undefined).join(', ');
  const why = best.evidence[0];
  return `${best.kind} in ${place}${why === undefined ? '' : `: ${why.what} (expected ${why.expected}, seen ${why.seen})`}`;
}

/** Earlier invocations of operations that the given baseline hardly knows. */
function unknownIn(given: readonly Invocation[], earlier: readonly Invocation[]): Invocation[] {
  const counts = new Map<string, number>();
  for (const { service, operation } of given) counts.set(`${service}\n${operation}`, (counts.get(`${service}\n${operation}`) ?? 0) + 1);
  return earlier.filter(({ service, operation }) => (counts.get(`${service}\n${operation}`) ?? 0) < KNOWN);
}

const KNOWN = 3;

function pick({ spans, logs }: ServiceTelemetry, wanted: (ms: number) => boolean): ServiceTelemetry {
  const kept = spans.filter(({ startMs }) => wanted(startMs));
  return { spans: kept, logs: logs.filter(({ atMs }) => wanted(atMs)), metrics: [] };
}
