import type { TelemetryEvent } from '@selfheal/contracts';
import { type Column, NumberColumn, TextColumn } from './parquet/columns.ts';

type TextField = { [K in keyof TelemetryEvent]-?: NonNullable<TelemetryEvent[K]> extends string ? K : never }[keyof TelemetryEvent];
type NumberField = { [K in keyof TelemetryEvent]-?: NonNullable<TelemetryEvent[K]> extends number ? K : never }[keyof TelemetryEvent];

/** Fields with a column of their own. */
const TEXTS: readonly (readonly [TextField, (event: TelemetryEvent) => string | undefined])[] = [
  ['id', (event) => event.id],
  ['timeFrom', (event) => event.timeFrom],
  ['severity', (event) => event.severity],
  ['kind', (event) => event.kind],
  ['format', (event) => event.format],
  ['source', (event) => event.source],
  ['text', (event) => event.text],
  ['templateId', (event) => event.templateId],
  ['service', (event) => event.service],
  ['release', (event) => event.release],
  ['operation', (event) => event.operation],
  ['operationKind', (event) => event.operationKind],
  ['handler', (event) => event.handler],
  ['sequence', (event) => event.sequence],
  ['step', (event) => event.step],
  ['outcome', (event) => event.outcome],
  ['traceId', (event) => event.traceId],
  ['spanId', (event) => event.spanId],
  ['parentSpanId', (event) => event.parentSpanId],
  ['requestId', (event) => event.requestId],
  ['flowId', (event) => event.flowId],
];
const NUMBERS: readonly (readonly [NumberField, (event: TelemetryEvent) => number | undefined])[] = [
  ['time', (event) => event.time],
  ['line', (event) => event.line],
  ['durationMs', (event) => event.durationMs],
  ['waitMs', (event) => event.waitMs],
];
/** A list of texts, as JSON. */
export const VARIABLES = 'variables';
/** For queries alone: the error itself is in `body`. */
const FINGERPRINT = 'errorFingerprint';
/** The fields that have no column, as JSON; all of them of an event that columns cannot hold as it is, and in files of a time when events had fewer columns. */
export const BODY = 'body';
/** Columns that each hold a field as it is. */
export const PLAIN: ReadonlySet<string> = new Set([...TEXTS, ...NUMBERS].map(([name]) => name));
const OWN_COLUMN: ReadonlySet<string> = new Set([...PLAIN, VARIABLES]);

/** The order of events in a batch and in an answer: events of one time stand as they stood in their source. */
export const EVENT_ORDER = ['time', 'source', 'line', 'id'] as const;

export function compareEvents(a: TelemetryEvent, b: TelemetryEvent): number {
  return a.time - b.time || compareTexts(a.source, b.source) || a.line - b.line || compareTexts(a.id, b.id);
}

/** Events as columns, in one pass: going over them once for each column would fetch each from memory anew. */
export function columnsOf(events: readonly TelemetryEvent[]): Column[] {
  const rows = events.length;
  const texts = TEXTS.map(([name]) => new TextColumn(name, rows));
  const numbers = NUMBERS.map(([name]) => new NumberColumn(name, rows));
  const variables = new TextColumn(VARIABLES, rows);
  const fingerprint = new TextColumn(FINGERPRINT, rows);
  const body = new TextColumn(BODY, rows);
  let row = 0;
  for (const event of events) {
    let exact = true;
    // Counted loops: an iterator would make two dozen objects an event.
    for (let at = 0; at < texts.length; at += 1) exact = texts[at]?.set(row, TEXTS[at]?.[1](event)) !== false && exact;
    for (let at = 0; at < numbers.length; at += 1) numbers[at]?.set(row, NUMBERS[at]?.[1](event));
    if (event.variables !== undefined) variables.set(row, JSON.stringify(event.variables));
    fingerprint.set(row, event.error?.fingerprint);
    body.set(row, exact ? restOf(event) : JSON.stringify(event));
    row += 1;
  }
  return [...texts, ...numbers, variables, fingerprint, body];
}

/** The columns that hold the fields. Those without one of their own are in `body`, and so is all of an event that columns cannot hold. */
export function columnsFor(fields: readonly (keyof TelemetryEvent)[]): string[] {
  return [...fields.filter((field) => OWN_COLUMN.has(field)), BODY];
}

function restOf({ beat, error, request, input, output, recording, values }: TelemetryEvent): string | undefined {
  const none =
    beat === undefined &&
    error === undefined &&
    request === undefined &&
    input === undefined &&
    output === undefined &&
    recording === undefined &&
    values === undefined;
  return none ? undefined : JSON.stringify({ beat, error, request, input, output, recording, values });
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
