import type { ServiceDiagnosis, ServiceTelemetry } from '@selfheal/contracts';
import type { DiagnoseOptions } from './diagnose-services.ts';
import { baselineOf, diagnoseAgainst } from './diagnose-services.ts';

const STEP_MS = 60_000;
const MOST_STEPS = 240;

/** What is compared at one step: what lies so far before and after it; more after where little lies before. */
const BEFORE_MS = 1_800_000;
const AFTER_MS = 210_000;
const LITTLE_MS = 240_000;

/**
 * Diagnosis at a time that is not known: each minute that has telemetry is tried as the time of the fault, and the one that is explained best is kept
 * (scan statistic over change points). At most `MOST_STEPS` are tried, the latest ones, each over the half hour before it.
 */
export function findFault(telemetry: ServiceTelemetry, { baseline }: Omit<DiagnoseOptions, 'at'> = {}): ServiceDiagnosis {
  const minutes = new Set(telemetry.spans.map(({ startMs }) => Math.floor(startMs / STEP_MS)));
  const steps = [...minutes].sort((a, b) => a - b).slice(-MOST_STEPS);
  const ready = baseline === undefined ? undefined : baselineOf(baseline);
  const around = slices(telemetry);
  const first = (steps[0] ?? 0) * STEP_MS;
  const tried = steps.map((minute) => {
    const at = minute * STEP_MS;
    const afterMs = ready === undefined && at - first < LITTLE_MS ? BEFORE_MS : AFTER_MS;
    return diagnoseAgainst(around(at, afterMs), at, ready);
  });
  const rest = clearest(tried.filter(({ contrast }) => contrast.with === 'rest'));
  const change = clearest(tried.filter(({ contrast }) => contrast.with === 'before' || contrast.with === 'baseline'));
  return (isWorse(rest, change) ? rest : (change ?? rest)) ?? diagnoseAgainst(telemetry, undefined, ready);
}

/** The first of those with the most evidence; undefined of none. */
function clearest(tried: readonly ServiceDiagnosis[]): ServiceDiagnosis | undefined {
  const scoreOf = (diagnosis: ServiceDiagnosis): number => diagnosis.causes[0]?.score ?? 0;
  return tried.reduce<ServiceDiagnosis | undefined>(
    (best, one) => (best !== undefined && scoreOf(one) <= scoreOf(best) ? best : one),
    undefined,
  );
}

/**
 * Whether minutes that differ from the rest are the fault, and not the change: where nothing changed, or where these minutes fail or are slow while what
 * changed is only another behaviour. It is then the end of the fault.
 */
function isWorse(rest: ServiceDiagnosis | undefined, change: ServiceDiagnosis | undefined): boolean {
  const [odd, later] = [rest?.causes[0], change?.causes[0]];
  if (odd === undefined) return false;
  return later === undefined || (later.kind === 'changed behaviour' && odd.kind !== 'changed behaviour');
}

/** The telemetry around a time, found by minute instead of by reading all of it each time. */
function slices({ spans, logs, metrics }: ServiceTelemetry): (at: number, afterMs: number) => ServiceTelemetry {
  const spansOf = Map.groupBy(spans, ({ startMs }) => Math.floor(startMs / STEP_MS));
  const logsOf = Map.groupBy(logs, ({ atMs }) => Math.floor(atMs / STEP_MS));
  return (at, afterMs) => {
    const minutes: number[] = [];
    for (let ms = at - BEFORE_MS; ms <= at + afterMs; ms += STEP_MS) minutes.push(Math.floor(ms / STEP_MS));
    return {
      spans: minutes.flatMap((minute) => spansOf.get(minute) ?? []),
      logs: minutes.flatMap((minute) => logsOf.get(minute) ?? []),
      metrics,
    };
  };
}

/**
 * A given time that lies outside of the telemetry but is off by whole half hours (a clock in another zone) is moved by the least shift that puts telemetry
 * right after it; any other time is returned as it is.
 */
export function inTelemetryZone(at: number, telemetry: Pick<ServiceTelemetry, 'spans' | 'logs'>): number {
  const minutes = new Set(
    [...telemetry.spans.map(({ startMs }) => startMs), ...telemetry.logs.map(({ atMs }) => atMs)].map((ms) => Math.floor(ms / STEP_MS)),
  );
  const isCovered = (ms: number): boolean => [0, 1, 2].some((later) => minutes.has(Math.floor(ms / STEP_MS) + later));
  for (let half = 0; half <= 28; half += 1) {
    for (const shift of [half * 1_800_000, -half * 1_800_000]) if (isCovered(at + shift)) return at + shift;
  }
  return at;
}
