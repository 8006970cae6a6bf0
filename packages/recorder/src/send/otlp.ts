import { hostname } from 'node:os';
import type { Capture, RecordedFrame } from '../captures.ts';
import type { Described } from '../describe/describe-value.ts';

/** A call that went well. */
export interface SampledCall {
  readonly time: number;
  readonly frame: RecordedFrame;
  readonly result: Described;
}

type AnyValue = { readonly stringValue: string } | { readonly intValue: string };
interface Attribute {
  readonly key: string;
  readonly value: AnyValue;
}

/** A log record of OTLP/JSON (opentelemetry-proto, logs/v1). */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

const SEVERITY = { debug: [5, 'DEBUG'], info: [9, 'INFO'], error: [17, 'ERROR'], fatal: [21, 'FATAL'] } as const;
/** https://www.w3.org/TR/trace-context/ */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/;

/** Makes a text free of secrets. A JSON text stays one. */
export type Redact = (text: string) => string;

/**
 * An error as a log record: `exception.*` as the semantic conventions have it, and the frames with their values as JSON text in
 * `selfheal.frames`. One that a request survived, or that was caught where no request was, is information: most such are meant to be.
 */
export function errorRecord(capture: Capture, redact: Redact): LogRecord {
  const { request, status, fatal, type, stack } = capture;
  const failed = request === undefined ? capture.uncaught : status === undefined ? capture.uncaught : status >= 500;
  const message = redact(capture.message);
  const [, traceId, spanId] = TRACEPARENT.exec(request?.traceparent ?? '') ?? [];
  return {
    ...head(capture.time, fatal ? 'fatal' : failed ? 'error' : 'info', `${type}: ${message}`),
    attributes: [
      text('event.name', 'selfheal.error'),
      text('exception.type', type),
      text('exception.message', message),
      text('exception.stacktrace', redact(stack)),
      text('selfheal.error.handled', fatal || failed ? 'no' : 'yes'),
      text('selfheal.frames', redact(JSON.stringify(capture.frames))),
      ...(request === undefined ? [] : [text('http.request.method', request.method), text('url.path', redact(request.url))]),
      ...(request?.requestId === undefined ? [] : [text('request.id', request.requestId)]),
      ...(status === undefined ? [] : [{ key: 'http.response.status_code', value: { intValue: String(status) } }]),
    ],
    ...(traceId === undefined || spanId === undefined ? {} : { traceId, spanId }),
  };
}

/** A sampled call that went well, as a log record. */
export function callRecord({ time, frame, result }: SampledCall, redact: Redact): LogRecord {
  return {
    ...head(time, 'debug', `${frame.function} returned`),
    attributes: [
      text('event.name', 'selfheal.call'),
      text('selfheal.frames', redact(JSON.stringify([frame]))),
      text('selfheal.result', redact(JSON.stringify(result))),
    ],
  };
}

/** An export request of log records, each already JSON text. `dropped`: records lost since the last request that arrived. */
export function exportRequest(records: readonly string[], resource: Readonly<Record<string, string>>, dropped: number): string {
  const attributes = Object.entries({ 'host.name': hostname(), ...resource }).map(([key, value]) => text(key, value));
  if (dropped > 0) attributes.push({ key: 'selfheal.recorder.dropped', value: { intValue: String(dropped) } });
  const resourceText = JSON.stringify({ attributes });
  return `{"resourceLogs":[{"resource":${resourceText},"scopeLogs":[{"scope":{"name":"@selfheal/recorder"},"logRecords":[${records.join(',')}]}]}]}`;
}

function head(time: number, level: keyof typeof SEVERITY, body: string) {
  const [severityNumber, severityText] = SEVERITY[level];
  const timeUnixNano = (BigInt(Math.round(time * 1_000)) * 1_000n).toString();
  return { timeUnixNano, severityNumber, severityText, body: { stringValue: body } };
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}
