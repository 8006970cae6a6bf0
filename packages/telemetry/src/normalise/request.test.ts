import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf, ndjson } from '../../test/raw-events.ts';

describe('requests', () => {
  it.each([
    [
      'pino-http',
      ndjson({
        level: 30,
        time: 1,
        req: { id: 'r1', method: 'GET', url: '/orders/12?x=1' },
        res: { statusCode: 200 },
        responseTime: 7,
        msg: 'request completed',
      }),
    ],
    [
      'express and winston',
      ndjson({
        level: 'info',
        message: 'HTTP GET /orders/12',
        meta: { req: { method: 'GET', originalUrl: '/orders/12?x=1' }, res: { statusCode: 200 }, responseTime: 7 },
      }),
    ],
    [
      'bunyan',
      ndjson({
        name: 'shop',
        hostname: 'h',
        pid: 1,
        level: 30,
        v: 0,
        msg: 'x',
        req: { method: 'GET', url: '/orders/12?x=1' },
        res: { statusCode: 200 },
        duration: 7,
      }),
    ],
    [
      'ECS',
      ndjson({
        '@timestamp': '2024-05-01T10:00:00Z',
        'log.level': 'info',
        message: 'x',
        http: { request: { method: 'GET' }, response: { status_code: 200 } },
        url: { path: '/orders/12', query: 'x=1' },
        event: { duration: 7_000_000 },
      }),
    ],
    [
      'OpenTelemetry names',
      ndjson({
        severity: 'INFO',
        message: 'x',
        'http.request.method': 'GET',
        'url.path': '/orders/12',
        'http.response.status_code': 200,
        durationMs: 7,
      }),
    ],
    ['flat fields', ndjson({ level: 'info', msg: 'x', method: 'GET', path: '/orders/12', status: 200, elapsed: '7ms' })],
    ['access log', '1.2.3.4 - - [01/May/2024:10:00:00 +0000] "GET /orders/12?x=1 HTTP/1.1" 200 23 "-" "UA" 0.007'],
    ['morgan', 'GET /orders/12?x=1 200 7 ms - 12'],
    ['logfmt', 'level=info msg=done method=GET path=/orders/12 status=200 duration=7ms'],
    ['text', '2024-05-01T10:00:00Z INFO GET /orders/12 200 took=7ms'],
    ['plain text', 'GET /orders/12 -> 200 (7 ms)'],
    ['text with units', '[10:00:00] HTTP GET /orders/12 200 in 0.007s'],
  ])('reads %s', (_, line) => {
    expect(eventOf(line)).toMatchObject({
      kind: 'request',
      operation: 'GET /orders/:id',
      operationKind: 'route',
      outcome: 'ok',
      durationMs: 7,
      request: { method: 'GET', path: '/orders/12', status: 200 },
    });
  });

  it('keeps body, params, query and route pattern', () => {
    const req = { method: 'post', url: '/orders/12/items?dry=1', route: '/orders/{id}/items', params: { id: '12' }, body: '{"sku":"A"}' };
    expect(eventOf(ndjson({ level: 30, req, res: { statusCode: 503 }, msg: 'x' }))).toMatchObject({
      operation: 'POST /orders/:id/items',
      outcome: 'error',
      request: { method: 'POST', route: '/orders/:id/items', query: { dry: '1' }, params: { id: '12' }, body: { sku: 'A' }, status: 503 },
    });
  });

  it('joins the two lines of a Fastify request', () => {
    const [incoming, completed] = eventsOf(
      ndjson(
        {
          level: 30,
          time: 1714557600000,
          pid: 1,
          hostname: 'h',
          reqId: 'req-1',
          req: { method: 'GET', url: '/orders/12' },
          msg: 'incoming request',
        },
        {
          level: 30,
          time: 1714557600009,
          pid: 1,
          hostname: 'h',
          reqId: 'req-1',
          res: { statusCode: 200 },
          responseTime: 8.5,
          msg: 'request completed',
        },
      ),
    );
    expect(incoming).toMatchObject({ kind: 'request', outcome: 'started' });
    expect(completed).toMatchObject({
      kind: 'request',
      operation: 'GET /orders/:id',
      outcome: 'ok',
      durationMs: 8.5,
      request: { path: '/orders/12', status: 200 },
    });
  });

  it('names a path by the pattern that other lines log for it', () => {
    const [, plain] = eventsOf(
      ndjson(
        { method: 'GET', path: '/orders/12', route: '/orders/:orderId', status: 200 },
        { method: 'GET', path: '/orders/77', status: 200 },
      ),
    );
    expect(plain?.operation).toBe('GET /orders/:orderId');
  });

  it('leaves out values too large to keep whole', () => {
    const event = eventOf(
      ndjson({ msg: 'x', req: { method: 'POST', url: '/a', body: { text: 'x'.repeat(40_000) } }, input: { small: 1 } }),
    );
    expect(event.request).not.toHaveProperty('body');
    expect(event.input).toEqual({ small: 1 });
  });
});
