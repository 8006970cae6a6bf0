import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, type ServerResponse } from 'node:http';
import type { SeenRequest, Told } from './messages.ts';

const MAX_URL = 2_000;
/** The request itself, and nothing made for it: this is done for every request, what follows for those alone in which something is thrown. */
const underWay = new AsyncLocalStorage<IncomingMessage>();
const failed = new WeakMap<IncomingMessage, number>();
let count = 0;

/** Follows the HTTP requests that this process serves, through the channels that `node:http` itself publishes on. Tells those that failed. */
export function followRequests(tell: (message: Told) => void): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    underWay.enterWith(request);
  });
  subscribe('http.server.response.finish', (message) => {
    if (count === 0) return;
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const id = failed.get(request);
    if (id !== undefined) tell({ kind: 'answered', request: id, status: response.statusCode });
  });
}

/** The request within which the calling code runs, marked as one in which something was thrown. */
export function failingRequest(): SeenRequest | undefined {
  const request = underWay.getStore();
  if (!(request instanceof IncomingMessage)) return undefined;
  const { method = 'GET', url = '/', headers } = request;
  const { traceparent } = headers;
  const requestId = headers['x-request-id'];
  return {
    id: numberOf(request),
    method,
    url: url.slice(0, MAX_URL),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof requestId === 'string' ? { requestId: requestId.slice(0, 200) } : {}),
  };
}

function numberOf(request: IncomingMessage): number {
  const known = failed.get(request);
  if (known !== undefined) return known;
  count += 1;
  failed.set(request, count);
  return count;
}
