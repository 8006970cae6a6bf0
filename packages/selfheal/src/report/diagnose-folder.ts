import { diagnoseServices, findFault, inTelemetryZone } from '@selfheal/anomaly';
import type { ServiceDiagnosis } from '@selfheal/contracts';
import { type FolderTelemetry, readServiceFolder, type ServiceFolder } from '@selfheal/telemetry';

export interface FolderDiagnosis extends ServiceDiagnosis {
  /** What it rests on, without what lies too far from the time looked at. */
  readonly read: {
    readonly files: number;
    readonly spans: number;
    readonly logs: number;
    readonly metrics: number;
    /** Whether a fault-free stretch was beside the telemetry (`normal/`, `baseline/`). */
    readonly hasBaseline: boolean;
    readonly leftOff: number;
    readonly remarks: readonly string[];
  };
}

/** Telemetry so far before and after the time of a fault is read: without a fault-free stretch it is what is compared with. */
const AROUND_MS = 3_600_000;

/**
 * The services that may have caused a fault, from a folder with telemetry of several services: OTLP/JSON files or CSV tables of spans, logs and metrics.
 * `at` (epoch milliseconds) is when the fault was noticed; without it the time that is explained best is found. A time that is off by a time zone is moved.
 * Fails with TELEMETRY_MISSING.
 */
export async function diagnoseFolder(folder: string, { at }: { readonly at?: number | undefined } = {}): Promise<FolderDiagnosis> {
  if (at === undefined) {
    const read = await readServiceFolder(folder);
    return reportOf(read, read.current, findFault(read.current, baselineOf(read)));
  }
  const close = await readServiceFolder(folder, { keep: around(at) });
  if (close.current.spans.some(({ startMs }) => startMs >= at)) return diagnosisAt(close, at);
  const read = await readServiceFolder(folder);
  const moved = inTelemetryZone(at, read.current);
  const keep = around(moved);
  const { spans, logs, metrics } = read.current;
  const current = { spans: spans.filter(({ startMs }) => keep(startMs)), logs: logs.filter(({ atMs }) => keep(atMs)), metrics };
  return diagnosisAt({ ...read, current }, moved);
}

function around(at: number): (ms: number) => boolean {
  return (ms) => Math.abs(ms - at) <= AROUND_MS;
}

function diagnosisAt(read: ServiceFolder, at: number): FolderDiagnosis {
  return reportOf(read, read.current, diagnoseServices(read.current, { at, ...baselineOf(read) }));
}

function baselineOf({ normal }: ServiceFolder): { baseline?: FolderTelemetry } {
  return normal.spans.length + normal.logs.length + normal.metrics.length === 0 ? {} : { baseline: normal };
}

function reportOf(read: ServiceFolder, { spans, logs, metrics }: FolderTelemetry, diagnosis: ServiceDiagnosis): FolderDiagnosis {
  const { files, leftOff, remarks } = read;
  const counts = { files, spans: spans.length, logs: logs.length, metrics: metrics.length };
  return { ...diagnosis, read: { ...counts, hasBaseline: 'baseline' in baselineOf(read), leftOff, remarks } };
}
