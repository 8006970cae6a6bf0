import type { HttpRequest, TelemetryEvent } from '@selfheal/contracts';
import { routeOfPath } from './route.ts';

const MAX_OPEN = 50_000;

/**
 * Joins what the lines of one request tell apart: Fastify's `request completed` names no route, Express names the pattern on
 * one line and the path on another. Events are completed in place, in log order.
 */
export class RequestLinks {
  readonly #byFlow = new Map<string, HttpRequest>();
  /** Patterns as logged (`/orders/:orderId`) by the path's own pattern (`/orders/:id`), so that one operation has one name. */
  readonly #patterns = new Map<string, string>();

  /** First pass: remember what each line tells. */
  learn(event: TelemetryEvent): void {
    const { request } = event;
    if (request?.route !== undefined) this.#patterns.set(`${request.method} ${routeOfPath(request.path)}`, request.route);
  }

  /** Second pass, in the same order. `status` is that of a line without a request of its own. */
  complete(event: TelemetryEvent, status: number | undefined): void {
    if (event.request !== undefined) this.#name(event, event.request);
    else if (status !== undefined && event.flowId !== undefined && event.kind === 'log') this.#adopt(event, event.flowId, status);
  }

  #name(event: TelemetryEvent, request: HttpRequest): void {
    const own = routeOfPath(request.path);
    request.route ??= this.#patterns.get(`${request.method} ${own}`);
    if (request.route === undefined) delete request.route;
    if (event.operationKind === 'route') event.operation = `${request.method} ${request.route ?? own}`;
    if (event.flowId === undefined) return;
    if (this.#byFlow.size >= MAX_OPEN) this.#byFlow.clear();
    this.#byFlow.set(event.flowId, request);
  }

  #adopt(event: TelemetryEvent, flowId: string, status: number): void {
    const known = this.#byFlow.get(flowId);
    if (known === undefined) return;
    event.request = { ...known, status };
    event.kind = 'request';
    event.operationKind = 'route';
    event.operation = `${known.method} ${known.route ?? routeOfPath(known.path)}`;
    event.outcome = status >= 500 ? 'error' : 'ok';
  }
}
