import type { HttpRequest, Json, RawEvent, Severity, TelemetryError, TelemetryEvent } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { bounded } from './bounded-json.ts';
import { type Call, callOf } from './call.ts';
import { durationOf } from './duration.ts';
import { fingerprintOf, normaliseMessage } from './error-message.ts';
import { fieldNames } from './field-names.ts';
import { FieldView } from './field-view.ts';
import { flowIdOf, identifiersOf } from './identifiers.ts';
import { addRecording } from './recorded-call.ts';
import { announcedRelease } from './release-marks.ts';
import { requestOf } from './request.ts';
import { routeOfPath } from './route.ts';
import { isAtLeast, severityOf, worse } from './severity.ts';
import { RELEASE, subjectsOf } from './spoken-words.ts';

const SPAN_NAME = fieldNames('span.name');
const SPAN_KIND = fieldNames('span.kind');
const QUERY_NAMES = fieldNames('db.system', 'db.statement', 'db.system.name', 'db.query.text');

/** An event as its own record tells it. */
export interface Drafted {
  readonly event: TelemetryEvent;
  /** Of a request, whose other facts may stand on another line. */
  readonly status: number | undefined;
  /** The release that the text announces. */
  readonly announced: string | undefined;
}

/** One raw event in our vocabulary. */
export function toEvent(raw: RawEvent, time: number, timeFrom: TelemetryEvent['timeFrom']): Drafted {
  const view = new FieldView(raw.fields);
  const subjects = subjectsOf(raw.text);
  const { request, status, durationMs: spokenMs } = requestOf(view, raw.text, subjects);
  const call = callOf(view, raw, subjects);
  const ids = identifiersOf(view);
  const durationMs = durationOf(view) ?? call.durationMs ?? spokenMs;
  const kind = kindOf(raw, call, request, status, durationMs);
  const severity = severityOfEvent(raw, status);
  const outcome = outcomeOfEvent(kind, call, status, durationMs, severity, raw);
  const error = errorOfEvent(raw, severity, kind);
  const { operation, operationKind } = operationOf(raw, view, kind, call, request);
  // All fields at once, also those that are not known: so every event is laid out alike in memory, and whatever reads a field of
  // millions of them finds it at one place. Given only those that are known, events differed in layout as they differ in content.
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
    templateId: undefined,
    variables: undefined,
    service: ids.service,
    release: ids.release,
    operation,
    operationKind,
    handler: call.handler,
    sequence: call.sequence,
    beat: call.beat,
    step: raw.format === 'otlp-span' ? view.name(SPAN_NAME) : call.step,
    outcome,
    durationMs,
    waitMs: call.waitMs,
    error,
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentSpanId: ids.parentSpanId,
    requestId: ids.requestId,
    flowId: flowIdOf(ids),
    request,
    input: inputOf(call, request),
    output: call.output,
    recording: undefined,
    values: valuesOf(raw),
  };
  if (raw.recording !== undefined) addRecording(raw.recording, event);
  return { event, status, announced: (subjects & RELEASE) === 0 ? undefined : announcedRelease(event.text) };
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
