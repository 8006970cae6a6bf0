import { fieldNames } from './field-names.ts';
import type { FieldView } from './field-view.ts';

const TRACEPARENT_NAMES = fieldNames('traceparent', 'req.headers.traceparent', 'headers.traceparent');
const TRACE_NAMES = fieldNames(
  'traceId',
  'trace_id',
  'trace.id',
  'traceID',
  'TraceId',
  'dd.trace_id',
  'otelTraceID',
  'logging.googleapis.com/trace',
);
const SPAN_NAMES = fieldNames('spanId', 'span_id', 'span.id', 'spanID', 'SpanId', 'dd.span_id', 'otelSpanID');
const PARENT_NAMES = fieldNames('parentSpanId', 'parent_span_id', 'parent.id', 'parentSpanID', 'ParentSpanId', 'ParentId');
const RUN_NAMES = fieldNames(
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
);
const HOST_NAMES = fieldNames('hostname', 'host.name', 'host');
const PROCESS_NAMES = fieldNames('pid', 'process.pid');
const SERVICE_NAMES = fieldNames('service.name', 'service', 'serviceName', 'service_name', 'app', 'application', 'appName', 'app.name');
const LOGGER_NAMES = fieldNames('name');
const PROCESS_MARKS = fieldNames('pid', 'hostname');

export interface Identifiers {
  traceId: string | undefined;
  spanId: string | undefined;
  parentSpanId: string | undefined;
  requestId: string | undefined;
  runId: string | undefined;
  service: string | undefined;
  release: string | undefined;
  /** Tells one process from the next: ids that only count up are unique within it alone. */
  instance: string | undefined;
}

const MAX_LENGTH = 200;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/i;
const REQUEST_NAMES = fieldNames(
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
);
const RELEASE_NAMES = fieldNames(
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
);

/** Trace, span, request and run ids, service and release in their common spellings. */
export function identifiersOf(view: FieldView): Identifiers {
  const header = view.name(TRACEPARENT_NAMES);
  const parent = header === undefined ? null : TRACEPARENT.exec(header);
  return {
    traceId: identifier(view.text(TRACE_NAMES) ?? parent?.[1]),
    spanId: identifier(view.text(SPAN_NAMES) ?? parent?.[2]),
    parentSpanId: identifier(view.text(PARENT_NAMES)),
    requestId: identifier(view.text(REQUEST_NAMES)),
    runId: identifier(view.text(RUN_NAMES)),
    service: identifier(serviceOf(view)),
    release: identifier(view.text(RELEASE_NAMES)),
    instance: identifier(instanceOf(view)),
  };
}

function identifier(value: string | undefined): string | undefined {
  return value === '' || (value?.length ?? 0) > MAX_LENGTH ? undefined : value;
}

function instanceOf(view: FieldView): string | undefined {
  const host = view.text(HOST_NAMES);
  const pid = view.text(PROCESS_NAMES);
  if (host === undefined || pid === undefined) return (host ?? pid) || undefined;
  return `${host}/${pid}`;
}

/**
 * What groups the events of one run: trace id, else request id, else run id. Short request ids ("req-1a") start anew with each
 * process, so the process and release are part of the group.
 */
export function flowIdOf(ids: Identifiers): string | undefined {
  if (ids.traceId !== undefined) return ids.traceId;
  const own = ids.requestId ?? ids.runId;
  if (own === undefined || own.length >= 20) return own;
  const process = processOf(ids);
  return process === '' ? own : `${own}@${process}`;
}

/** Records of one process follow each other: the last one's name is kept. */
let last: Pick<Identifiers, 'service' | 'instance' | 'release'> & { name: string } = {
  service: undefined,
  instance: undefined,
  release: undefined,
  name: '',
};

function processOf({ service, instance, release }: Identifiers): string {
  if (service !== last.service || instance !== last.instance || release !== last.release) {
    const name = [service, instance, release].filter((part) => part !== undefined).join('@');
    last = { service, instance, release, name };
  }
  return last.name;
}

function serviceOf(view: FieldView): string | undefined {
  const named = view.text(SERVICE_NAMES);
  if (named !== undefined) return named;
  // pino and bunyan name the logger so; an error's own `name` is no service.
  const name = view.name(LOGGER_NAMES);
  return name !== undefined && !/(?:Error|Exception)$/.test(name) && view.value(PROCESS_MARKS) !== undefined ? name : undefined;
}
