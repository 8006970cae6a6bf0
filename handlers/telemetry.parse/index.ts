import { aggregateTelemetryMetrics } from './aggregateTelemetryMetrics.ts';
import { extractTelemetryEvents } from './extractTelemetryEvents.ts';
import { loadLogFiles } from './loadLogFiles.ts';
import { normalizeTelemetryData } from './normalizeTelemetryData.ts';
import { parseTelemetryCompleted } from './parseTelemetryCompleted.ts';
import { parseTelemetryRequested } from './parseTelemetryRequested.ts';
import { storeTelemetryDatabase } from './storeTelemetryDatabase.ts';

/** The handlers of telemetry.parse by name. */
export const telemetryParseHandlers = {
  parseTelemetryRequested,
  loadLogFiles,
  extractTelemetryEvents,
  normalizeTelemetryData,
  aggregateTelemetryMetrics,
  storeTelemetryDatabase,
  parseTelemetryCompleted,
};
