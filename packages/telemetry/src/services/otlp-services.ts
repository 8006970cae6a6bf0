import type { ServiceLog, ServiceMetric, ServiceSpan } from '@selfheal/contracts';

type Fields = Record<string, unknown>;

/** Spans, logs and samples of one OTLP/JSON export request (`resourceSpans`, `resourceLogs`, `resourceMetrics`); what is malformed is left off. */
export function otlpServices(request: unknown): { spans: ServiceSpan[]; logs: ServiceLog[]; metrics: ServiceMetric[] } {
  const fields = isFields(request) ? request : {};
  return {
    spans: items(fields.resourceSpans, 'scopeSpans', 'spans').flatMap(({ item, resource }) => spanOf(item, resource)),
    logs: items(fields.resourceLogs, 'scopeLogs', 'logRecords').flatMap(({ item, resource }) => logOf(item, resource)),
    metrics: items(fields.resourceMetrics, 'scopeMetrics', 'metrics').flatMap(({ item, resource }) => samplesOf(item, resource)),
  };
}

function items(resources: unknown, scopes: string, name: string): { item: Fields; resource: Fields }[] {
  return list(resources).flatMap((entry) => {
    const resource = attributes(isFields(entry.resource) ? entry.resource.attributes : undefined);
    return list(entry[scopes]).flatMap((scope) => list(scope[name]).map((item) => ({ item, resource })));
  });
}

function spanOf(item: Fields, resource: Fields): ServiceSpan[] {
  const startMs = millis(item.startTimeUnixNano);
  const endMs = millis(item.endTimeUnixNano);
  if (startMs === undefined || endMs === undefined || typeof item.traceId !== 'string' || typeof item.spanId !== 'string') return [];
  const status = isFields(item.status) ? item.status.code : undefined;
  const parent = item.parentSpanId;
  const region = regionOf(item);
  return [
    {
      traceId: item.traceId.toLowerCase(),
      spanId: item.spanId.toLowerCase(),
      ...(typeof parent === 'string' && !/^0*$/.test(parent) ? { parentId: parent.toLowerCase() } : {}),
      service: serviceOf(resource),
      operation: typeof item.name === 'string' ? item.name : '',
      startMs,
      durationMs: Math.max(0, endMs - startMs),
      ...(status === 2 || status === 'STATUS_CODE_ERROR' ? { failed: true } : {}),
      ...(region === undefined ? {} : { region }),
    },
  ];
}

/** The function of the span, or the first frame of the stack of its exception. */
function regionOf(item: Fields): string | undefined {
  const own = attributes(item.attributes);
  const exception = list(item.events).find((event) => event.name === 'exception');
  const stack = attributes(exception?.attributes)['exception.stacktrace'];
  const frame = typeof stack === 'string' ? /^\s*(?:at |File )(.{1,200})$/m.exec(stack)?.[1] : undefined;
  const named = own['code.function.name'] ?? own['code.function'];
  const file = own['code.file.path'] ?? own['code.filepath'];
  const line = scalar(own['code.line.number'] ?? own['code.lineno']);
  if (frame !== undefined) return frame.trim();
  const place = typeof file === 'string' ? `${file}${line === undefined ? '' : `:${String(line)}`}` : undefined;
  return [named, place].filter((part) => typeof part === 'string').join(' ') || undefined;
}

function logOf(item: Fields, resource: Fields): ServiceLog[] {
  const atMs = millis(item.timeUnixNano) ?? millis(item.observedTimeUnixNano);
  const body = plain(item.body);
  if (atMs === undefined) return [];
  const { traceId, spanId, severityText } = item;
  return [
    {
      atMs,
      service: serviceOf(resource),
      text: typeof body === 'string' ? body : JSON.stringify(body ?? ''),
      ...(typeof severityText === 'string' && severityText !== '' ? { level: severityText } : {}),
      ...(typeof traceId === 'string' && traceId !== '' ? { traceId: traceId.toLowerCase() } : {}),
      ...(typeof spanId === 'string' && spanId !== '' ? { spanId: spanId.toLowerCase() } : {}),
    },
  ];
}

function samplesOf(metric: Fields, resource: Fields): ServiceMetric[] {
  const data = [metric.gauge, metric.sum, metric.histogram, metric.exponentialHistogram, metric.summary].find(isFields);
  const service = serviceOf(resource);
  const instance = firstText(resource, ['k8s.pod.name', 'service.instance.id', 'host.name']) ?? service;
  const isCounter = isFields(metric.sum) && metric.sum.isMonotonic === true && isCumulative(metric.sum.aggregationTemporality);
  return list(data?.dataPoints).flatMap((point) => {
    const atMs = millis(point.timeUnixNano);
    const value = numberOf(point.asDouble ?? point.asInt ?? meanOf(point));
    if (atMs === undefined || !Number.isFinite(value)) return [];
    return [{ atMs, service, instance, name: seriesName(metric.name, point.attributes), value, ...(isCounter ? { counter: true } : {}) }];
  });
}

function isCumulative(temporality: unknown): boolean {
  return temporality === 2 || temporality === 'AGGREGATION_TEMPORALITY_CUMULATIVE';
}

/** Points of one metric that differ in an attribute are series of their own. */
function seriesName(name: unknown, of: unknown): string {
  const labels = Object.entries(attributes(of)).map(([key, value]) => `${key}=${String(scalar(value) ?? JSON.stringify(value))}`);
  return `${typeof name === 'string' ? name : 'metric'}${labels.length === 0 ? '' : `{${labels.sort().join(',')}}`}`;
}

/** A histogram's point stands for the mean of what it counted. */
function meanOf({ sum, count }: Fields): number {
  const total = numberOf(count);
  return total > 0 ? numberOf(sum) / total : Number.NaN;
}

function serviceOf(resource: Fields): string {
  return firstText(resource, ['service.name', 'k8s.deployment.name', 'k8s.pod.name']) ?? 'unknown';
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  const found = names.map((name) => scalar(fields[name])).find((value) => value !== undefined);
  return found === undefined ? undefined : String(found);
}

/** Objects and lists stand nowhere but where structure is expected, and what they become as text may even fail. */
function scalar(value: unknown): string | number | boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
}

function attributes(value: unknown): Fields {
  return Object.fromEntries(list(value).flatMap((entry) => (typeof entry.key === 'string' ? [[entry.key, plain(entry.value)]] : [])));
}

function plain(value: unknown): unknown {
  if (!isFields(value)) return value;
  const single = value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
  return single ?? value;
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function millis(nanos: unknown): number | undefined {
  const text = String(scalar(nanos) ?? '');
  return /^\d{1,20}$/.test(text) && !/^0+$/.test(text) ? Number(BigInt(text) / 1000n) / 1000 : undefined;
}
