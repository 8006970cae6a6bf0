import type { ServiceDiagnosis, ServiceTelemetry } from '@selfheal/contracts';
import type { DiagnoseOptions } from './diagnose-services.ts';
import { diagnoseServices } from './diagnose-services.ts';

const STEP_MS = 60_000;
const MOST_STEPS = 240;

/**
 * Diagnosis at a time that is not known: each minute that has telemetry is tried as the time of the fault, and the one that is explained best is kept
 * (scan statistic over change points). At most `MOST_STEPS` are tried, the latest ones.
 */
export function findFault(telemetry: ServiceTelemetry, options: Omit<DiagnoseOptions, 'at'> = {}): ServiceDiagnosis {
  const minutes = new Set(telemetry.spans.map(({ startMs }) => Math.floor(startMs / STEP_MS)));
  const steps = [...minutes].sort((a, b) => a - b).slice(-MOST_STEPS);
  const tried = steps.map((minute) => diagnoseServices(telemetry, { ...options, at: minute * STEP_MS }));
  const best = tried.reduce<ServiceDiagnosis | undefined>(
    (a, b) => ((b.causes[0]?.score ?? 0) > (a?.causes[0]?.score ?? 0) ? b : a),
    tried[0],
  );
  return best ?? diagnoseServices(telemetry, options);
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
