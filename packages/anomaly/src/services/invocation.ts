import type { ServiceLog, ServiceSpan, ServiceTelemetry } from '@selfheal/contracts';
import { logEvent, unwrap } from './log-event.ts';
import { logOwners } from './log-owners.ts';
import { spanParents } from './span-parents.ts';

/** One service's part in one request: the spans of that service that hang together, from its entry span on. */
export interface Invocation {
  readonly service: string;
  readonly operation: string;
  readonly entry: ServiceSpan;
  /** What happened inside: log events, inner spans, calls to others; each once. Value: an example to show. */
  readonly features: Map<string, FeatureExample>;
  readonly calls: Call[];
  parent?: Invocation;
  /** The entry's duration without the time in which calls to others were under way. */
  ownMs: number;
}

export interface FeatureExample {
  readonly label: string;
  readonly line: string;
  readonly region?: string;
  readonly level?: string;
  readonly atMs: number;
}

export interface Call {
  readonly callee: Invocation;
  /** The caller's client span longer than the callee's server span: network, queueing and (de)serialising. Absent where no client span is seen. */
  readonly gapMs?: number;
}

/**
 * Groups spans into invocations and hangs logs on them, by span id, else by trace id and service, else by time and service. Order of input does not matter; a span whose parent
 * is missing belongs to the span around it, else it begins an invocation of its own; a span that is its own ancestor is cut loose. Durations are compared within one clock only, so skewed clocks do no harm.
 * O(spans + logs).
 */
export function invocationsOf({ spans, logs }: Pick<ServiceTelemetry, 'spans' | 'logs'>): Invocation[] {
  const byId = new Map<string, ServiceSpan>();
  for (const span of spans) byId.set(`${span.traceId}/${span.spanId}`, span);
  const parentOf = spanParents(byId);
  const ofSpan = new Map<ServiceSpan, Invocation>();
  const unique = [...byId.values()];
  for (const span of unique) place(span, parentOf, ofSpan);
  linkCalls(unique, parentOf, ofSpan);
  hangLogs(logs, byId, ofSpan);
  return [...new Set(ofSpan.values())];
}

/** Operation names without ids: `/orders/17` and `/orders/18` are one operation. */
export function operationName(name: string): string {
  return name.replace(/[0-9a-f]{8}-[0-9a-f-]{27,}|\b[0-9a-f]{16,}\b|(?<=\/)\d+(?=\/|$)/gi, '{id}');
}

function place(span: ServiceSpan, parentOf: (span: ServiceSpan) => ServiceSpan | undefined, ofSpan: Map<ServiceSpan, Invocation>): void {
  const path: ServiceSpan[] = [];
  const onPath = new Set<ServiceSpan>();
  let entry = span;
  for (;;) {
    if (ofSpan.has(entry)) break;
    path.push(entry);
    onPath.add(entry);
    const parent = parentOf(entry);
    if (parent === undefined || parent.service !== entry.service || onPath.has(parent)) break;
    entry = parent;
  }
  const invocation = ofSpan.get(entry) ?? {
    service: entry.service,
    operation: operationName(entry.operation),
    entry,
    features: new Map<string, FeatureExample>(),
    calls: [],
    ownMs: entry.durationMs,
  };
  for (const member of path) {
    ofSpan.set(member, invocation);
    if (member !== invocation.entry) {
      const name = operationName(member.operation);
      addFeature(invocation, `span ${name}`, { label: `span ${name}`, line: spanLine(member), atMs: member.startMs, ...regionOf(member) });
    }
    if (member.failed === true) {
      const label = `failed span ${operationName(member.operation)}`;
      addFeature(invocation, label, { label, line: spanLine(member), level: 'error', atMs: member.startMs, ...regionOf(member) });
    }
  }
}

function linkCalls(
  spans: readonly ServiceSpan[],
  parentOf: (span: ServiceSpan) => ServiceSpan | undefined,
  ofSpan: Map<ServiceSpan, Invocation>,
): void {
  const busy = new Map<Invocation, [number, number][]>();
  const children = new Map<ServiceSpan, number>();
  for (const span of spans) {
    const parent = parentOf(span);
    if (parent !== undefined) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  for (const span of spans) {
    const invocation = ofSpan.get(span);
    const parent = parentOf(span);
    if (invocation === undefined || invocation.entry !== span || parent === undefined) continue;
    const caller = ofSpan.get(parent);
    if (caller === undefined || caller === invocation) continue;
    invocation.parent = caller;
    const client = children.get(parent) === 1 && parent !== caller.entry;
    caller.calls.push({ callee: invocation, ...(client ? { gapMs: parent.durationMs - span.durationMs } : {}) });
    const label = `call ${invocation.service} ${invocation.operation}`;
    addFeature(caller, label, { label, line: spanLine(span), atMs: span.startMs });
    // A client span stands in for the callee's time: it is on the caller's own clock.
    const under = client ? parent : span;
    const list = busy.get(caller) ?? [];
    list.push([under.startMs, under.startMs + under.durationMs]);
    busy.set(caller, list);
  }
  for (const [caller, intervals] of busy) caller.ownMs = Math.max(0, caller.entry.durationMs - covered(intervals));
}

/** Length of the union of intervals. */
function covered(intervals: [number, number][]): number {
  intervals.sort((a, b) => a[0] - b[0]);
  let total = 0;
  let reach = Number.NEGATIVE_INFINITY;
  for (const [from, to] of intervals) {
    if (to <= reach) continue;
    total += to - Math.max(from, reach);
    reach = to;
  }
  return total;
}

function hangLogs(logs: readonly ServiceLog[], byId: Map<string, ServiceSpan>, ofSpan: Map<ServiceSpan, Invocation>): void {
  const owner = logOwners(new Set(ofSpan.values()));
  for (const log of logs) {
    const span = log.traceId === undefined || log.spanId === undefined ? undefined : byId.get(`${log.traceId}/${log.spanId}`);
    const invocation = (span === undefined ? undefined : ofSpan.get(span)) ?? owner(log);
    if (invocation === undefined) continue;
    const { key, level, region } = logEvent(log.text, log.level);
    addFeature(invocation, `log ${key}`, {
      label: `log ${key}`,
      line: unwrap(log.text).text.slice(0, 400),
      atMs: log.atMs,
      ...(region === undefined ? {} : { region }),
      ...(level === undefined ? {} : { level }),
    });
  }
}

function addFeature(invocation: Invocation, key: string, example: FeatureExample): void {
  if (!invocation.features.has(key)) invocation.features.set(key, example);
}

function regionOf(span: ServiceSpan): { region?: string } {
  return span.region === undefined ? {} : { region: span.region };
}

function spanLine(span: ServiceSpan): string {
  return `span ${span.spanId} of trace ${span.traceId}: ${span.service} ${span.operation} ${span.durationMs.toFixed(1)} ms at ${isoTime(span.startMs)}`;
}

export function endOf(invocation: Invocation): number {
  return invocation.entry.startMs + invocation.entry.durationMs;
}

export function isoTime(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
