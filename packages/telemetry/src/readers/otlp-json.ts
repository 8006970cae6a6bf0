import type { Json } from '@selfheal/contracts';
import { fieldNames, presentNames, shapeOf } from '../normalise/field-names.ts';
import { isObject, parseObject } from './json-line.ts';
import type { LineReader, LineRecord } from './line-reader.ts';
import { addAttributes, anyValue, attributes, objects } from './otlp-attributes.ts';
import { epochMs } from './stamp.ts';

type Fields = Record<string, Json>;

const RESOURCES = fieldNames('resourceLogs', 'resourceSpans', 'resourceMetrics');
const ALL_ZERO = /^0*$/;
const DIGITS = /^\d+$/;
/** Nanoseconds since 1970 as they are written from 2001 to 2286: ten digits of seconds, nine behind. */
const NANOSECONDS = /^\d{19}$/;
const SECOND_DIGITS = 10;

/** OTLP/JSON exports, one request a line: `resourceLogs`, `resourceSpans`, `resourceMetrics`; each gives one record per log, span or point. */
export const otlpJsonReader: LineReader = {
  name: 'otlp-json',
  exclusive: true,
  read(line) {
    if (!line.startsWith('{')) return undefined;
    const head = line.slice(0, 4096);
    if (!head.includes('"resource') || !/"resource(?:Logs|Spans|Metrics)"/.test(head)) return undefined;
    const value = parseObject(line);
    return value === undefined ? undefined : otlpRecords(value);
  },
};

/** Whether an object is an export request. */
export function isExport(fields: Fields): boolean {
  return presentNames(shapeOf(fields), RESOURCES).some(({ whole }) => Array.isArray(fields[whole]));
}

/** The records of one export request; undefined where it is none. */
export function otlpRecords(request: Fields): LineRecord[] | undefined {
  if (!isExport(request)) return undefined;
  return [
    ...scoped(request.resourceLogs, 'scopeLogs', 'logRecords', logRecord),
    ...scoped(request.resourceSpans, 'scopeSpans', 'spans', spanRecord),
    ...objects(request.resourceMetrics).flatMap((resource) =>
      objects(resource.scopeMetrics).flatMap((scope) =>
        objects(scope.metrics).flatMap((metric) => metricRecords(metric, resourceFields(resource))),
      ),
    ),
  ];
}

function scoped(
  resources: Json | undefined,
  scopes: string,
  items: string,
  read: (item: Fields, shared: Fields) => LineRecord,
): LineRecord[] {
  return objects(resources).flatMap((resource) => {
    const shared = resourceFields(resource);
    return objects(resource[scopes]).flatMap((scope) => objects(scope[items]).map((item) => read(item, shared)));
  });
}

function resourceFields(resource: Fields): Fields {
  return isObject(resource.resource) ? attributes(resource.resource.attributes) : {};
}

function logRecord(item: Fields, shared: Fields): LineRecord {
  const body = anyValue(item.body);
  const fields: Fields = { ...shared };
  if (isObject(body)) Object.assign(fields, body);
  addAttributes(item.attributes, fields);
  addIds(item, fields);
  const stamp = nanos(item.timeUnixNano) ?? nanos(item.observedTimeUnixNano);
  const level = typeof item.severityText === 'string' && item.severityText !== '' ? item.severityText : severityWord(item.severityNumber);
  const text = typeof body === 'string' ? body : String(fields.message ?? fields['event.name'] ?? '');
  return { format: 'otlp-log', text, fields, stamp, level };
}

function spanRecord(item: Fields, shared: Fields): LineRecord {
  const start = nanos(item.startTimeUnixNano);
  const end = nanos(item.endTimeUnixNano);
  const status = isObject(item.status) ? item.status : {};
  const failed = status.code === 2 || status.code === 'STATUS_CODE_ERROR';
  const exception = objects(item.events).find((event) => event.name === 'exception');
  const name = typeof item.name === 'string' ? item.name : '';
  const fields: Fields = { ...shared };
  addAttributes(item.attributes, fields);
  if (exception !== undefined) addAttributes(exception.attributes, fields);
  addIds(item, fields);
  fields.kind = 'span';
  fields['span.name'] = name;
  fields['span.kind'] = item.kind ?? null;
  fields.outcome = failed ? 'error' : 'ok';
  if (typeof status.message === 'string' && status.message !== '') fields['status.message'] = status.message;
  if (start !== undefined && end !== undefined) fields.durationMs = Math.max(0, nanoDifference(item));
  return { format: 'otlp-span', text: name, fields, stamp: end, level: failed ? 'error' : 'info' };
}

function metricRecords(metric: Fields, shared: Fields): LineRecord[] {
  const name = typeof metric.name === 'string' ? metric.name : 'metric';
  const data = [metric.gauge, metric.sum, metric.histogram, metric.exponentialHistogram, metric.summary].find(isObject);
  return objects(data?.dataPoints).map((point) => {
    const stamp = nanos(point.timeUnixNano);
    const values = pointValues(name, point);
    const fields: Fields = { ...shared, ...attributes(point.attributes), kind: 'metric', values, unit: metric.unit ?? '' };
    return { format: 'otlp-metric', text: name, fields, stamp, level: undefined };
  });
}

function pointValues(name: string, point: Fields): Record<string, number> {
  const single = point.asDouble ?? point.asInt;
  const found: [string, Json | undefined][] = [
    [name, single],
    [`${name}.count`, point.count],
    [`${name}.sum`, point.sum],
    [`${name}.min`, point.min],
    [`${name}.max`, point.max],
  ];
  const values: Record<string, number> = {};
  for (const [key, value] of found) {
    const number = value === undefined || value === null ? Number.NaN : Number(value);
    if (Number.isFinite(number)) values[key] = number;
  }
  return values;
}

function addIds({ traceId, spanId, parentSpanId }: Fields, fields: Fields): void {
  if (isId(traceId)) fields.traceId = traceId.toLowerCase();
  if (isId(spanId)) fields.spanId = spanId.toLowerCase();
  if (isId(parentSpanId)) fields.parentSpanId = parentSpanId.toLowerCase();
}

function isId(value: Json | undefined): value is string {
  return typeof value === 'string' && !ALL_ZERO.test(value);
}

function nanos(value: Json | undefined): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? epochMs(value) : undefined;
}

/** Milliseconds between start and end, exact to the nanosecond where both are strings of integers. */
function nanoDifference(item: Fields): number {
  const start = String(item.startTimeUnixNano);
  const end = String(item.endTimeUnixNano);
  if (NANOSECONDS.test(start) && NANOSECONDS.test(end)) {
    const seconds = Number(end.slice(0, SECOND_DIGITS)) - Number(start.slice(0, SECOND_DIGITS));
    const nanos = seconds * 1e9 + Number(end.slice(SECOND_DIGITS)) - Number(start.slice(SECOND_DIGITS));
    if (Number.isSafeInteger(nanos)) return nanos / 1e6;
  }
  if (DIGITS.test(start) && DIGITS.test(end)) return Number(BigInt(end) - BigInt(start)) / 1e6;
  return (Number(end) - Number(start)) / 1e6;
}

/** OpenTelemetry's severity numbers: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal. */
function severityWord(number: Json | undefined): string | undefined {
  const value = Number(number ?? 0);
  if (!(value >= 1 && value <= 24)) return undefined;
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.floor((value - 1) / 4)];
}
