import { type ErrorState, errorStates } from '@selfheal/anomaly';
import { releasesOf } from '@selfheal/handlers/stored-telemetry';
import { newestTelemetry, type ReportSource } from './stored-telemetry.ts';

/** All errors of the newest stored stretch with their states (new, regressed, rising, steady, falling, resolved). Needs no engine. */
export async function errorReport(source: ReportSource): Promise<ErrorState[]> {
  const stored = await newestTelemetry(source);
  if (stored === undefined) return [];
  const marks = await source.records.list('release', { where: { projectId: source.project.id } });
  return errorStates({ ...stored, slices: [...stored.slices], releases: releasesOf(stored.slices, marks, { history: [] }) });
}
