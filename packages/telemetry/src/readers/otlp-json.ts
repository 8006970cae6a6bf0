import type { Json } from '@selfheal/contracts';
import { isObject, parseObject } from './json-line.ts';
import type { LineReader, LineRecord } from './line-reader.ts';
import { anyValue, attributes, objects } from './otlp-attributes.ts';
import { epochMs } from './stamp.ts';

type Fields = Record<string, Json>;

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

/** The records of one export request; undefined where it is none. */
export function otlpRecords(request: Fields): LineRecord[] | undefined {
  if (!['resourceLogs', 'resourceSpans', 'resourceMetrics'].some((key) => Array.isArray(request[key]))) return undefined;
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
  const fields: Fields = { ...shared, ...(isObject(body) ? body : {}), ...attributes(item.attributes), ...ids(item) };
  const stamp = nanos(item.timeUnixNano) ?? nanos(item.observedTimeUnixNano);
  const level = typeof item.severityText === 'string' && item.severityText !== '' ? item.severityText : severityWord(item.severityNumber);
  return {
    format: 'otlp-log',
    text: typeof body === 'string' ? body : String(fields.message ?? fields['event.name'] ?? ''),
    fields,
    ...(stamp === undefined ? {} : { stamp }),
    ...(level === undefined ? {} : { level }),
  };
}

function spanRecord(item: Fields, shared: Fields): LineRecord {
  const start = nanos(item.startTimeUnixNano);
  const end = nanos(item.endTimeUnixNano);
  const status = isObject(item.status) ? item.status : {};
  const failed = status.code === 2 || status.code === 'STATUS_CODE_ERROR';
  const exception = objects(item.events).find((event) => event.name === 'exception');
  const name = typeof item.name === 'string' ? item.name : '';
  const fields: Fields = {
    ...shared,
    ...attributes(item.attributes),
    ...(exception === undefined ? {} : attributes(exception.attributes)),
    ...ids(item),
    kind: 'span',
    'span.name': name,
    'span.kind': item.kind ?? null,
    outcome: failed ? 'error' : 'ok',
    ...(typeof status.message === 'string' && status.message !== '' ? { 'status.message': status.message } : {}),
    ...(start !== undefined && end !== undefined ? { durationMs: Math.max(0, nanoDifference(item)) } : {}),
  };
  return { format: 'otlp-span', text: name, fields, level: failed ? 'error' : 'info', ...(end === undefined ? {} : { stamp: end }) };
}

function metricRecords(metric: Fields, shared: Fields): LineRecord[] {
  const name = typeof metric.name === 'string' ? metric.name : 'metric';
  const data = [metric.gauge, metric.sum, metric.histogram, metric.exponentialHistogram, metric.summary].find(isObject);
  return objects(data?.dataPoints).map((point) => {
    const stamp = nanos(point.timeUnixNano);
    const values = pointValues(name, point);
    const fields: Fields = { ...shared, ...attributes(point.attributes), kind: 'metric', values, unit: metric.unit ?? '' };
    return { format: 'otlp-metric', text: name, fields, ...(stamp === undefined ? {} : { stamp }) };
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

function ids(item: Fields): Fields {
  const result: Fields = {};
  for (const key of ['traceId', 'spanId', 'parentSpanId'] as const) {
    const id = item[key];
    if (typeof id === 'string' && !/^0*$/.test(id)) result[key] = id.toLowerCase();
  }
  return result;
}

function nanos(value: Json | undefined): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? epochMs(value) : undefined;
}

/** Milliseconds between start and end, exact to the nanosecond where both are strings of integers. */
function nanoDifference(item: Fields): number {
  const [start, end] = [String(item.startTimeUnixNano), String(item.endTimeUnixNano)];
  if (/^\d+$/.test(start) && /^\d+$/.test(end)) return Number(BigInt(end) - BigInt(start)) / 1e6;
  return (Number(end) - Number(start)) / 1e6;
}

/** OpenTelemetry's severity numbers: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal. */
function severityWord(number: Json | undefined): string | undefined {
  const value = Number(number ?? 0);
  if (!(value >= 1 && value <= 24)) return undefined;
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.floor((value - 1) / 4)];
}
