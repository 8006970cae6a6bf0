import type { HttpRequest, Json, RawEvent, Severity, TelemetryError, TelemetryEvent } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { bounded } from './bounded-json.ts';
import { type Call, callOf } from './call.ts';
import { durationOf } from './duration.ts';
import { fingerprintOf, normaliseMessage } from './error-message.ts';
import type { EventTime } from './event-time.ts';
import { fieldNames } from './field-names.ts';
import { FieldView } from './field-view.ts';
import { flowIdOf, type Identifiers, identifiersOf } from './identifiers.ts';
import { addRecording } from './recorded-call.ts';
import { requestOf } from './request.ts';
import { routeOfPath } from './route.ts';
import { isAtLeast, severityOf, worse } from './severity.ts';

const SPAN_NAME = fieldNames('span.name');
const SPAN_KIND = fieldNames('span.kind');
const QUERY_NAMES = fieldNames('db.system', 'db.statement', 'db.system.name', 'db.query.text');

/** One raw event in our vocabulary. `status` is that of a request whose other facts stand on another line. */
export function toEvent(raw: RawEvent, { time, timeFrom }: EventTime): { event: TelemetryEvent; status: number | undefined } {
  const view = new FieldView(raw.fields);
  const { request, status, durationMs: spokenMs } = requestOf(view, raw.text);
  const call = callOf(view, raw);
  const ids = identifiersOf(view);
  const durationMs = durationOf(view) ?? call.durationMs ?? spokenMs;
  const kind = kindOf(raw, call, request, status, durationMs);
  const severity = severityOfEvent(raw, status);
  const outcome = outcomeOfEvent(kind, call, status, durationMs, severity, raw);
  const error = errorOfEvent(raw, severity, kind);
  const flowId = flowIdOf(ids);
  // Assigned one by one: spreading what may be absent costs more than all else here.
  const event: TelemetryEvent = {
    id: raw.id,
    time,
    timeFrom,
    severity: error !== undefined && raw.error !== undefined && raw.level === undefined ? worse(severity, 'error') : severity,
    kind,
    format: raw.format,
    source: raw.source,
    line: raw.line,
    text: firstLine(raw.text),
  };
  copyIdentifiers(ids, event);
  const { operation, operationKind } = operationOf(raw, view, kind, call, request);
  if (operation !== undefined) event.operation = operation;
  if (operationKind !== undefined) event.operationKind = operationKind;
  if (call.handler !== undefined) event.handler = call.handler;
  if (call.sequence !== undefined) event.sequence = call.sequence;
  if (call.beat !== undefined) event.beat = call.beat;
  if (outcome !== undefined) event.outcome = outcome;
  if (durationMs !== undefined) event.durationMs = durationMs;
  if (call.waitMs !== undefined) event.waitMs = call.waitMs;
  if (error !== undefined) event.error = error;
  if (flowId !== undefined) event.flowId = flowId;
  if (request !== undefined) event.request = request;
  if (call.output !== undefined) event.output = call.output;
  const step = raw.format === 'otlp-span' ? view.name(SPAN_NAME) : call.step;
  if (step !== undefined) event.step = step;
  const input = inputOf(call, request);
  if (input !== undefined) event.input = input;
  if (raw.recording !== undefined) addRecording(raw.recording, event);
  const values = valuesOf(raw);
  if (values !== undefined) event.values = values;
  return { event, status };
}

function kindOf(
  raw: RawEvent,
  call: Call,
  request: HttpRequest | undefined,
  status: number | undefined,
  durationMs: number | undefined,
): TelemetryEvent['kind'] {
  if (raw.format === 'otlp-span') return 'span';
  if (raw.format === 'otlp-metric') return 'metric';
  if (typeof raw.fields.lifecycle === 'string') return 'lifecycle';
  // It tells of a request that another line may tell of too: it is none itself.
  if (raw.recording !== undefined) return 'log';
  if (call.beat !== undefined || (call.sequence !== undefined && call.step !== undefined)) return 'beat';
  if (call.sequence !== undefined) return 'sequence';
  if (request !== undefined && (status !== undefined || durationMs !== undefined || raw.error !== undefined || isArrival(raw.text)))
    return 'request';
  return 'log';
}

function isArrival(text: string): boolean {
  return /^(?:incoming request|request (?:received|started)|started? )/i.test(text);
}

function severityOfEvent(raw: RawEvent, status: number | undefined): Severity {
  const level = severityOf(raw.level);
  if (level !== undefined) return level;
  if (raw.error !== undefined && raw.error.frames.length > 0) return 'error';
  return status !== undefined && status >= 500 ? 'error' : raw.error !== undefined && raw.format !== 'plain' ? 'error' : 'info';
}

function outcomeOfEvent(
  kind: TelemetryEvent['kind'],
  call: Call,
  status: number | undefined,
  durationMs: number | undefined,
  severity: Severity,
  raw: RawEvent,
): TelemetryEvent['outcome'] {
  const failed = raw.error !== undefined && isAtLeast(severity, 'error');
  if (kind === 'request') {
    if (status !== undefined && !(failed && status < 400)) return status >= 500 ? 'error' : 'ok';
    return failed ? 'error' : durationMs === undefined ? 'started' : 'ok';
  }
  if (failed) return 'error';
  if (kind === 'beat' || kind === 'sequence' || kind === 'span') return call.outcome ?? (durationMs === undefined ? undefined : 'ok');
  if (call.handler === undefined && call.operation === undefined) return undefined;
  if (call.outcome === 'started' && durationMs !== undefined) return 'ok';
  return call.outcome ?? (durationMs === undefined ? undefined : 'ok');
}

function operationOf(
  raw: RawEvent,
  view: FieldView,
  kind: TelemetryEvent['kind'],
  call: Call,
  request: HttpRequest | undefined,
): Pick<TelemetryEvent, 'operation' | 'operationKind'> {
  if (kind === 'span') return spanOperation(view, call, request);
  if (kind === 'beat') {
    const operation = call.handler ?? call.event ?? call.step;
    return operation === undefined ? { operationKind: 'beat' } : { operation, operationKind: 'beat' };
  }
  if (kind === 'sequence' && call.sequence !== undefined) return { operation: call.sequence, operationKind: 'sequence' };
  if (call.handler !== undefined) return { operation: call.handler, operationKind: 'handler' };
  if (request !== undefined)
    return { operation: `${request.method} ${request.route ?? routeOfPath(request.path)}`, operationKind: 'route' };
  if (call.operation !== undefined) return { operation: call.operation, operationKind: 'other' };
  // The beat log's events name what ran where no handler does.
  if (raw.format === 'beat-log' && call.event !== undefined) return { operation: call.event, operationKind: 'beat' };
  return {};
}

function spanOperation(view: FieldView, call: Call, request: HttpRequest | undefined): Pick<TelemetryEvent, 'operation' | 'operationKind'> {
  const kind = view.value(SPAN_KIND);
  const serves = kind === 2 || kind === 'SPAN_KIND_SERVER' || kind === 'SERVER';
  if (serves && request !== undefined)
    return { operation: `${request.method} ${request.route ?? routeOfPath(request.path)}`, operationKind: 'route' };
  const operation = view.name(SPAN_NAME) ?? call.handler;
  if (operation === undefined) return {};
  return {
    operation,
    operationKind: view.value(QUERY_NAMES) === undefined ? 'span' : 'query',
  };
}

/** The error of an event. A line that only says ERROR in words is an error too, unless it merely reports a call's outcome. */
function errorOfEvent(raw: RawEvent, severity: Severity, kind: TelemetryEvent['kind']): TelemetryError | undefined {
  const reported = kind === 'request' || kind === 'span' || kind === 'metric' || kind === 'lifecycle';
  const error =
    raw.error ??
    (isAtLeast(severity, 'error') && !reported ? { type: 'LoggedError', message: raw.text.slice(0, 2000), frames: [] } : undefined);
  if (error === undefined) return spanError(raw, severity, kind);
  const normalisedMessage = normaliseMessage(error.message);
  return { ...error, normalisedMessage, fingerprint: fingerprintOf(error.type, normalisedMessage, error.frames, error.cause) };
}

function spanError(raw: RawEvent, severity: Severity, kind: TelemetryEvent['kind']): TelemetryError | undefined {
  const message = raw.fields['status.message'];
  if (kind !== 'span' || typeof message !== 'string' || !isAtLeast(severity, 'error')) return undefined;
  const normalisedMessage = normaliseMessage(message);
  return { type: 'Error', message, normalisedMessage, frames: [], fingerprint: fingerprintOf('Error', normalisedMessage, []) };
}

function copyIdentifiers(ids: Identifiers, event: TelemetryEvent): void {
  if (ids.traceId !== undefined) event.traceId = ids.traceId;
  if (ids.spanId !== undefined) event.spanId = ids.spanId;
  if (ids.parentSpanId !== undefined) event.parentSpanId = ids.parentSpanId;
  if (ids.requestId !== undefined) event.requestId = ids.requestId;
  if (ids.service !== undefined) event.service = ids.service;
  if (ids.release !== undefined) event.release = ids.release;
}

/** What went into the call. A request's own parameters are told by the request. */
function inputOf(call: Call, request: HttpRequest | undefined): Json | undefined {
  return call.input === undefined || (request?.params !== undefined && call.input === request.params) ? undefined : bounded(call.input);
}

/** What follows in a text of many lines is a stack or detail; the error holds what counts of it. */
function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end).trimEnd();
}

function valuesOf(raw: RawEvent): Record<string, number> | undefined {
  const { values } = raw.fields;
  if (!isObject(values)) return undefined;
  const numbers = Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers);
}
