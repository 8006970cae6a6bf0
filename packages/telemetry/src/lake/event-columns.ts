import type { DuckDBAppender } from '@duckdb/node-api';
import type { TelemetryEvent } from '@selfheal/contracts';

interface EventColumn {
  readonly name: string;
  readonly type: 'VARCHAR' | 'DOUBLE';
  of(event: TelemetryEvent, body: string): string | number | undefined;
}

/**
 * The columns of a batch: what queries filter and order by, and `body`, the whole event as JSON. A read takes `body` alone, so
 * that what comes back is exactly what went in.
 */
const COLUMNS: readonly EventColumn[] = [
  { name: 'id', type: 'VARCHAR', of: (event) => event.id },
  { name: 'time', type: 'DOUBLE', of: (event) => event.time },
  { name: 'kind', type: 'VARCHAR', of: (event) => event.kind },
  { name: 'severity', type: 'VARCHAR', of: (event) => event.severity },
  { name: 'source', type: 'VARCHAR', of: (event) => event.source },
  { name: 'line', type: 'DOUBLE', of: (event) => event.line },
  { name: 'service', type: 'VARCHAR', of: (event) => event.service },
  { name: 'release', type: 'VARCHAR', of: (event) => event.release },
  { name: 'operation', type: 'VARCHAR', of: (event) => event.operation },
  { name: 'handler', type: 'VARCHAR', of: (event) => event.handler },
  { name: 'step', type: 'VARCHAR', of: (event) => event.step },
  { name: 'outcome', type: 'VARCHAR', of: (event) => event.outcome },
  { name: 'durationMs', type: 'DOUBLE', of: (event) => event.durationMs },
  { name: 'flowId', type: 'VARCHAR', of: (event) => event.flowId },
  { name: 'templateId', type: 'VARCHAR', of: (event) => event.templateId },
  { name: 'errorFingerprint', type: 'VARCHAR', of: (event) => event.error?.fingerprint },
  { name: 'body', type: 'VARCHAR', of: (_, body) => body },
];

/** `"id" VARCHAR, "time" DOUBLE, ...` */
export const EVENT_TABLE = COLUMNS.map((column) => `"${column.name}" ${column.type}`).join(', ');

/** The order of events in a batch and in an answer: events of one time stand as they stood in their source. */
export const EVENT_ORDER = ['time', 'source', 'line', 'id'] as const;

export function compareEvents(a: TelemetryEvent, b: TelemetryEvent): number {
  return a.time - b.time || compareTexts(a.source, b.source) || a.line - b.line || compareTexts(a.id, b.id);
}

/** `body` is what `bodyOf` gives. Row by row is the fastest way in: 50,000 events in 40-57 ms, against 57-84 by data chunks and 89-95 through NDJSON. */
export function appendEvent(appender: DuckDBAppender, event: TelemetryEvent, body: string): void {
  for (const column of COLUMNS) {
    const value = column.of(event, body);
    if (value === undefined) appender.appendNull();
    else if (typeof value === 'number') appender.appendDouble(value);
    else appender.appendVarchar(value);
  }
  appender.endRow();
}

/** An event as it is stored. */
export function bodyOf(event: TelemetryEvent): string {
  return JSON.stringify(event);
}

export function eventOf(body: string): TelemetryEvent {
  return JSON.parse(body);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
