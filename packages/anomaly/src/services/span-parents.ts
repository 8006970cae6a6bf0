import type { ServiceSpan } from '@selfheal/contracts';

/** Traces with more spans are not mended: finding parents by time is quadratic in a trace. */
const MOST_SPANS = 2_000;

/**
 * The parent of each span. Where the parent was lost (sampling, a full buffer, a dropped export), the shortest span of the trace that encloses the orphan in
 * time takes its place, one of the same service first, so that the rest of a torn trace keeps together. `byId` is keyed by `traceId/spanId`.
 */
export function spanParents(byId: ReadonlyMap<string, ServiceSpan>): (span: ServiceSpan) => ServiceSpan | undefined {
  const adopted = new Map<ServiceSpan, ServiceSpan>();
  const known = (span: ServiceSpan): ServiceSpan | undefined =>
    span.parentId === undefined || span.parentId === span.spanId ? undefined : byId.get(`${span.traceId}/${span.parentId}`);
  const orphans = [...byId.values()].filter(
    (span) => span.parentId !== undefined && span.parentId !== span.spanId && known(span) === undefined,
  );
  const torn = new Set(orphans.map(({ traceId }) => traceId));
  const traces = new Map<string, ServiceSpan[]>();
  for (const span of byId.values()) {
    if (!torn.has(span.traceId)) continue;
    const trace = traces.get(span.traceId) ?? [];
    traces.set(span.traceId, trace);
    trace.push(span);
  }
  for (const orphan of orphans) {
    const trace = traces.get(orphan.traceId) ?? [];
    const parent = trace.length > MOST_SPANS ? undefined : enclosing(orphan, trace);
    if (parent !== undefined) adopted.set(orphan, parent);
  }
  return (span) => known(span) ?? adopted.get(span);
}

function enclosing(orphan: ServiceSpan, trace: readonly ServiceSpan[]): ServiceSpan | undefined {
  let best: ServiceSpan | undefined;
  for (const span of trace) {
    if (span.durationMs <= orphan.durationMs || span.startMs > orphan.startMs || endMs(span) < endMs(orphan)) continue;
    if (best === undefined || isCloser(span, best, orphan.service)) best = span;
  }
  return best;
}

function isCloser(span: ServiceSpan, best: ServiceSpan, service: string): boolean {
  const [isOwn, wasOwn] = [span.service === service, best.service === service];
  return isOwn === wasOwn ? span.durationMs < best.durationMs : isOwn;
}

function endMs({ startMs, durationMs }: ServiceSpan): number {
  return startMs + durationMs;
}
