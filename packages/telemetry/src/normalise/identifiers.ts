import type { FieldView } from './field-view.ts';

export interface Identifiers {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  requestId?: string;
  runId?: string;
  service?: string;
  release?: string;
  /** Tells one process from the next: ids that only count up are unique within it alone. */
  instance?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/i;
const REQUEST_NAMES = [
  'reqId',
  'requestId',
  'request_id',
  'req_id',
  'req.id',
  'req.requestId',
  'request.id',
  'http.request.id',
  'x-request-id',
  'req.headers.x-request-id',
  'correlationId',
  'correlation_id',
  'RequestId',
  'CorrelationId',
];
const RELEASE_NAMES = [
  'release',
  'service.version',
  'app.version',
  'appVersion',
  'app_version',
  'serviceVersion',
  'deployment.version',
  'buildVersion',
  'gitSha',
  'git_sha',
  'git.commit',
  'commit',
  'version',
];

/** Trace, span, request and run ids, service and release in their common spellings. */
export function identifiersOf(view: FieldView): Identifiers {
  const parent = TRACEPARENT.exec(view.name('traceparent', 'req.headers.traceparent', 'headers.traceparent') ?? '');
  const found: Record<keyof Identifiers, string | undefined> = {
    traceId:
      view.text('traceId', 'trace_id', 'trace.id', 'traceID', 'TraceId', 'dd.trace_id', 'otelTraceID', 'logging.googleapis.com/trace') ??
      parent?.[1],
    spanId: view.text('spanId', 'span_id', 'span.id', 'spanID', 'SpanId', 'dd.span_id', 'otelSpanID') ?? parent?.[2],
    parentSpanId: view.text('parentSpanId', 'parent_span_id', 'parent.id', 'parentSpanID', 'ParentSpanId', 'ParentId'),
    requestId: view.text(...REQUEST_NAMES),
    runId: view.text(
      'runId',
      'run_id',
      'workflowRunId',
      'workflowId',
      'workflow_id',
      'executionId',
      'execution_id',
      'sagaId',
      'jobId',
      'job_id',
    ),
    service: serviceOf(view),
    release: view.text(...RELEASE_NAMES),
    instance:
      [view.text('hostname', 'host.name', 'host'), view.text('pid', 'process.pid')].filter((part) => part !== undefined).join('/') ||
      undefined,
  };
  const result: Identifiers = {};
  for (const key of Object.keys(found) as (keyof Identifiers)[]) {
    const value = found[key];
    if (value !== undefined && value !== '' && value.length <= 200) result[key] = value;
  }
  return result;
}

/**
 * What groups the events of one run: trace id, else request id, else run id. Short request ids ("req-1a") start anew with each
 * process, so the process and release are part of the group.
 */
export function flowIdOf(ids: Identifiers): string | undefined {
  if (ids.traceId !== undefined) return ids.traceId;
  const own = ids.requestId ?? ids.runId;
  if (own === undefined || own.length >= 20) return own;
  const process = [ids.service, ids.instance, ids.release].filter((part) => part !== undefined).join('@');
  return process === '' ? own : `${own}@${process}`;
}

function serviceOf(view: FieldView): string | undefined {
  const named = view.text('service.name', 'service', 'serviceName', 'service_name', 'app', 'application', 'appName', 'app.name');
  if (named !== undefined) return named;
  // pino and bunyan name the logger so; an error's own `name` is no service.
  const name = view.name('name');
  return name !== undefined && !/(?:Error|Exception)$/.test(name) && view.value('pid', 'hostname') !== undefined ? name : undefined;
}
