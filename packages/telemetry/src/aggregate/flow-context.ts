import type { HttpRequest, Json, TelemetryEvent } from '@selfheal/contracts';

/** What the events of one flow tell together. */
export interface FlowContext {
  request?: HttpRequest;
  input?: Json;
  operation?: string;
  /** Operations of the flow of which a completed call was seen. */
  completed: Set<string>;
}

/**
 * Collects by flow id, so that an error's line gets the request that another line of the same flow logged. Flows of which no line fails or
 * tells a request or an input have nothing to tell each other, and no context.
 */
export function flowContexts(events: readonly TelemetryEvent[]): ReadonlyMap<string, FlowContext> {
  const contexts = new Map<string, FlowContext>();
  for (const event of events) {
    if (event.flowId !== undefined && needsContext(event) && !contexts.has(event.flowId))
      contexts.set(event.flowId, { completed: new Set() });
  }
  if (contexts.size === 0) return contexts;
  for (const event of events) {
    const context = contextOf(event, contexts);
    if (context === undefined) continue;
    if (event.request !== undefined) context.request = mergeRequests(context.request, event.request);
    if (event.input !== undefined && (context.input === undefined || event.operationKind === 'route')) context.input = event.input;
    if (event.operationKind === 'route' && event.operation !== undefined) context.operation = event.operation;
    if (isCompletion(event) && event.operation !== undefined) context.completed.add(event.operation);
  }
  return contexts;
}

/** The context of an event's flow. Mostly no flow has one, and then no flow's name is looked at. */
export function contextOf({ flowId }: TelemetryEvent, contexts: ReadonlyMap<string, FlowContext>): FlowContext | undefined {
  return flowId === undefined || contexts.size === 0 ? undefined : contexts.get(flowId);
}

function needsContext({ outcome, error, request, input, operationKind }: TelemetryEvent): boolean {
  return outcome === 'error' || error !== undefined || request !== undefined || input !== undefined || operationKind === 'route';
}

/** Whether the event is the one line that stands for a call: it ended, well or badly, and the line says so. */
export function isCompletion(event: TelemetryEvent): boolean {
  if (event.operation === undefined || event.outcome === 'started' || event.kind === 'metric' || event.kind === 'lifecycle') return false;
  if (event.durationMs !== undefined) return true;
  if (event.kind === 'request') return event.request?.status !== undefined;
  return (event.kind === 'beat' || event.kind === 'sequence' || event.kind === 'span') && event.outcome !== undefined;
}

function mergeRequests(known: HttpRequest | undefined, seen: HttpRequest): HttpRequest {
  return known === undefined || known.method !== seen.method || known.path !== seen.path
    ? { ...known, ...seen }
    : { ...known, ...seen, ...withBody(known, seen) };
}

function withBody(known: HttpRequest, seen: HttpRequest): Partial<HttpRequest> {
  const body = seen.body ?? known.body;
  return body === undefined ? {} : { body };
}
