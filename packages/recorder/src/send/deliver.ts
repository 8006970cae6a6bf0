import { appendFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Destination } from '../settings.ts';

/** `later`: the receiver is away or busy; `refused`: it will not take this request however often it is sent. */
export type Delivered = 'yes' | 'later' | 'refused';

/** Statuses on which a sender tries again: https://opentelemetry.io/docs/specs/otlp/#failures */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Delivers one export request. Never fails. */
export async function deliver(body: string, destination: Destination): Promise<Delivered> {
  if (destination.kind === 'http') return await post(body, destination);
  try {
    await appendFile(destination.path, `${body}\n`, { mode: 0o600 });
    return 'yes';
  } catch {
    return 'later';
  }
}

function post(body: string, { url, headers, timeoutMs }: Extract<Destination, { kind: 'http' }>): Promise<Delivered> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const options = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, timeout: timeoutMs };
    const request = send(url, options, (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      response.once('close', () => resolve(status >= 200 && status < 300 ? 'yes' : TRY_AGAIN.has(status) ? 'later' : 'refused'));
    });
    request.once('timeout', () => request.destroy(new Error('the receiver does not answer')));
    request.once('error', () => resolve('later'));
    request.end(body);
  });
}
