import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SeenRequest, Told } from './messages.ts';

interface RequestUnderWay {
  readonly request: IncomingMessage;
  readonly id: number;
  failed: boolean;
}

const MAX_URL = 2_000;
const underWay = new AsyncLocalStorage<RequestUnderWay>();
const byRequest = new WeakMap<IncomingMessage, RequestUnderWay>();
let count = 0;

/** Follows the HTTP requests that this process serves, through the channels that `node:http` itself publishes on. Tells those that failed. */
export function followRequests(tell: (message: Told) => void): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    count += 1;
    const started: RequestUnderWay = { request, id: count, failed: false };
    byRequest.set(request, started);
    underWay.enterWith(started);
    bindEvents(request, started);
  });
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const current = byRequest.get(request);
    if (current?.failed === true) tell({ kind: 'answered', request: current.id, status: response.statusCode });
  });
}

/** The body arrives later, outside of what the request began: listeners to it belong to the request all the same. */
function bindEvents(request: IncomingMessage, started: RequestUnderWay): void {
  const { emit } = request;
  const bound = function (this: IncomingMessage, ...args: Parameters<typeof emit>): boolean {
    return underWay.run(started, () => Reflect.apply(emit, this, args));
  };
  Reflect.defineProperty(request, 'emit', { value: bound, writable: true, configurable: true });
}

/** The request within which the calling code runs, marked as one in which something was thrown. */
export function failingRequest(): SeenRequest | undefined {
  const current = underWay.getStore();
  if (current === undefined) return undefined;
  current.failed = true;
  const { method = 'GET', url = '/', headers } = current.request;
  const { traceparent } = headers;
  const requestId = headers['x-request-id'];
  return {
    id: current.id,
    method,
    url: url.slice(0, MAX_URL),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof requestId === 'string' ? { requestId: requestId.slice(0, 200) } : {}),
  };
}
