import type { ServiceDiagnosis, ServiceTelemetry } from '@selfheal/contracts';
import type { DiagnoseOptions } from './diagnose-services.ts';
import { baselineOf, diagnoseAgainst } from './diagnose-services.ts';

const STEP_MS = 60_000;
const MOST_STEPS = 240;

/** What is compared at one step: what lies so far before and after it. */
const BEFORE_MS = 1_800_000;
const AFTER_MS = 210_000;

/**
 * Diagnosis at a time that is not known: each minute that has telemetry is tried as the time of the fault, and the one that is explained best is kept
 * (scan statistic over change points). At most `MOST_STEPS` are tried, the latest ones, each over the half hour before it.
 */
export function findFault(telemetry: ServiceTelemetry, { baseline }: Omit<DiagnoseOptions, 'at'> = {}): ServiceDiagnosis {
  const minutes = new Set(telemetry.spans.map(({ startMs }) => Math.floor(startMs / STEP_MS)));
  const steps = [...minutes].sort((a, b) => a - b).slice(-MOST_STEPS);
  const ready = baseline === undefined ? undefined : baselineOf(baseline);
  const around = slices(telemetry);
  let best: ServiceDiagnosis | undefined;
  for (const minute of steps) {
    const tried = diagnoseAgainst(around(minute * STEP_MS), minute * STEP_MS, ready);
    if (best === undefined || (tried.causes[0]?.score ?? 0) > (best.causes[0]?.score ?? 0)) best = tried;
  }
  return best ?? diagnoseAgainst(telemetry, undefined, ready);
}

/** The telemetry around a time, found by minute instead of by reading all of it each time. */
function slices({ spans, logs, metrics }: ServiceTelemetry): (at: number) => ServiceTelemetry {
  const spansOf = Map.groupBy(spans, ({ startMs }) => Math.floor(startMs / STEP_MS));
  const logsOf = Map.groupBy(logs, ({ atMs }) => Math.floor(atMs / STEP_MS));
  return (at) => {
    const minutes: number[] = [];
    for (let ms = at - BEFORE_MS; ms <= at + AFTER_MS; ms += STEP_MS) minutes.push(Math.floor(ms / STEP_MS));
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
