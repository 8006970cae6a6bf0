import type { Records, TelemetrySlice } from '@selfheal/contracts';
import { readSlices } from '@selfheal/handlers/stored-telemetry';
import { storedWindows, type Window } from '../heal/stored-windows.ts';
import type { OpenProject } from '../project/open-project.ts';

/** What reports read. Nothing of it needs an engine. */
export interface ReportSource {
  readonly project: OpenProject;
  readonly records: Records;
}

export interface StoredTelemetry {
  /** Epoch ms, both ends included. */
  readonly window: Window;
  readonly slices: readonly TelemetrySlice[];
}

/** The newest stretch of stored telemetry, as far back as a sweep looks; undefined where nothing is stored. */
export async function newestTelemetry({ project, records }: ReportSource): Promise<StoredTelemetry | undefined> {
  const window = (await storedWindows(records, project.id, project.config.intake.lookbackMs)).at(-1);
  if (window === undefined) return undefined;
  return { window, slices: await readSlices(records, project.id, window, { heartbeat: () => undefined }) };
}
