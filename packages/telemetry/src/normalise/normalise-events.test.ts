import { telemetryEvent } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf, INGESTED, ndjson, rawEvents } from '../../test/raw-events.ts';
import { normaliseEvents } from './normalise-events.ts';

const EMPTY = { version: 0, templates: [] };

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

describe('calls', () => {
  it.each([
    ['handler: chargeCard duration: 12ms'],
    [ndjson({ timestamp: '2024-05-01T10:00:00Z', event: 'card.charged', handler: 'chargeCard', duration: 12 })],
    [ndjson({ level: 30, msg: 'x', context: { handlerName: 'chargeCard' }, elapsed_ms: 12 })],
    ['2024-05-01T10:00:00Z INFO chargeCard completed in 12ms'],
    ['level=info msg=x function=chargeCard latency_seconds=0.012'],
  ])('%s is one call of one handler', (line) => {
    expect(eventOf(line)).toMatchObject({ operation: 'chargeCard', handler: 'chargeCard', durationMs: 12, outcome: 'ok' });
  });

  it('reads sequence, beat, step, input and output', () => {
    const line = {
      level: 30,
      sequence: 'checkout',
      beat: 3,
      event: 'stock.held',
      handler: 'holdStock',
      duration: 2,
      args: [{ sku: 'A' }],
      result: null,
      msg: 'step completed',
    };
    expect(eventOf(ndjson(line))).toMatchObject({
      kind: 'beat',
      sequence: 'checkout',
      beat: 3,
      step: 'stock.held',
      handler: 'holdStock',
      operation: 'holdStock',
      operationKind: 'beat',
      outcome: 'ok',
      input: [{ sku: 'A' }],
    });
  });

  it.each([
    [{ handler: 'a', msg: 'a failed' }, 'error'],
    [{ handler: 'a', msg: 'a started' }, 'started'],
    [{ handler: 'a', msg: 'x', status: 'completed' }, 'ok'],
    [{ handler: 'a', msg: 'x', success: false }, 'error'],
    [{ handler: 'a', msg: 'x', outcome: 'failure' }, 'error'],
    [{ handler: 'a', msg: 'x' }, undefined],
  ])('the outcome of %j is %s', (line, outcome) => {
    expect(eventOf(ndjson(line)).outcome).toBe(outcome);
  });

  it('reads spans with ids, and names database spans queries', () => {
    const span = (name: string, extra: object) =>
      ndjson({
        resourceSpans: [
          {
            resource: {},
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: 'a'.repeat(32),
                    spanId: 'b'.repeat(16),
                    name,
                    startTimeUnixNano: '1714557600000000000',
                    endTimeUnixNano: '1714557600005000000',
                    ...extra,
                  },
                ],
              },
            ],
          },
        ],
      });
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    expect(eventOf(span('pg.query', { attributes: [attribute('db.system', 'postgresql')] }))).toMatchObject({
      kind: 'span',
      operation: 'pg.query',
      operationKind: 'query',
      step: 'pg.query',
      durationMs: 5,
      flowId: 'a'.repeat(32),
    });
    const server = span('GET', {
      kind: 2,
      attributes: [attribute('http.method', 'GET'), attribute('http.target', '/orders/9'), attribute('http.route', '/orders/:id')],
    });
    expect(eventOf(server)).toMatchObject({ kind: 'span', operation: 'GET /orders/:id', operationKind: 'route' });
    expect(eventOf(span('job', { status: { code: 2, message: 'queue 7 is full' } }))).toMatchObject({
      outcome: 'error',
      error: { type: 'Error', normalisedMessage: 'queue <*> is full' },
    });
  });
});

describe('errors', () => {
  const stack = "TypeError: Cannot read properties of undefined (reading 'x')\n    at f (/app/src/a.js:1:2)\n    at g (/app/src/b.js:3:4)";
  it.each([
    [
      'pino',
      ndjson({ level: 50, msg: 'failed', err: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'x')", stack } }),
    ],
    ['winston', ndjson({ level: 'error', message: 'failed', stack })],
    [
      'ECS',
      ndjson({
        '@timestamp': '2024-05-01T10:00:00Z',
        'log.level': 'error',
        message: 'failed',
        error: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'x')", stack_trace: stack },
      }),
    ],
    ['the beat log', ndjson({ timestamp: '2024-05-01T10:00:00Z', event: 'a.b', handler: 'f', error: stack })],
    [
      'OpenTelemetry',
      ndjson({
        severity: 'ERROR',
        message: 'failed',
        'exception.type': 'TypeError',
        'exception.message': "Cannot read properties of undefined (reading 'x')",
        'exception.stacktrace': stack,
      }),
    ],
    ['a message with a stack', ndjson({ level: 50, msg: stack })],
    ['nested context', ndjson({ level: 'error', message: 'failed', context: { error: { stack } } })],
    ['console.error', `Request failed ${stack}`],
    ['a header on its own line', `2024-05-01T10:00:00Z ERROR request failed\n${stack}`],
    ['a bare stack', stack],
  ])('reads one error from %s', (_, text) => {
    const events = eventsOf(text);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      severity: 'error',
      error: {
        type: 'TypeError',
        normalisedMessage: "Cannot read properties of undefined (reading 'x')",
        frames: [{ function: 'f', file: '/app/src/a.js', line: 1 }, { function: 'g' }],
      },
    });
    expect(JSON.stringify(events[0])).not.toContain('    at g');
  });

  it('gives equal errors of all formats one fingerprint, and other errors others', () => {
    const print = (text: string): string | undefined => eventOf(text).error?.fingerprint;
    expect(print(ndjson({ level: 50, msg: 'a', err: { stack } }))).toBe(print(`Request failed ${stack}`));
    expect(print('ERROR - order 12 not found')).toBe(print('ERROR - order 9941 not found'));
    expect(print('ERROR - order 12 not found')).not.toBe(print('ERROR - cart 12 not found'));
  });

  it('takes a line that says ERROR in words for an error, but no request line and no start-up noise', () => {
    expect(eventOf('ERROR - gateway down').error).toMatchObject({ type: 'LoggedError', message: 'gateway down' });
    expect(eventOf('GET /a 500 3 ms - 1').error).toBeUndefined();
    expect(eventOf('System initialized: FAILED')).toMatchObject({ kind: 'lifecycle', severity: 'info' });
    expect(eventOf('ERROR Cleaned up failed movement')).not.toHaveProperty('error');
  });
});

describe('what is no error', () => {
  it.each([
    [{ level: 30, msg: 'x', error: 'none' }],
    [{ level: 30, msg: 'x', error: null }],
    [{ level: 'warn', message: 'bad input: TypeError: forged\n    at f (/app/src/a.js:1:1)' }],
    [{ level: 30, msg: 'recovered from TimeoutError: slow' }],
  ])('%j', (line) => {
    expect(eventOf(ndjson(line))).not.toHaveProperty('error');
  });
});

describe('severity', () => {
  it.each([
    [{ level: 10 }, 'trace'],
    [{ level: 20 }, 'debug'],
    [{ level: 30 }, 'info'],
    [{ level: 40 }, 'warn'],
    [{ level: 50 }, 'error'],
    [{ level: 60 }, 'fatal'],
    [{ level: 3 }, 'error'],
    [{ level: 'WARNING' }, 'warn'],
    [{ severity: 'CRITICAL' }, 'fatal'],
    [{ level: 'silly' }, 'trace'],
    [{ level: '35' }, 'info'],
    [{ level: 'unheard of' }, 'info'],
    [{}, 'info'],
  ])('of %j is %s', (fields, severity) => {
    expect(eventOf(ndjson({ ...fields, msg: 'x' })).severity).toBe(severity);
  });
});

describe('time', () => {
  it('takes a missing stamp from the line before, else from the one after, else from the intake', () => {
    const events = eventsOf('handler: a duration: 1ms\n2024-05-01T10:00:00Z INFO x\nhandler: b duration: 1ms\nhandler: c duration: 1ms');
    const stamp = Date.UTC(2024, 4, 1, 10);
    expect(events.map((event) => [event.timeFrom, event.time])).toEqual([
      ['neighbour', stamp],
      ['own', stamp],
      ['neighbour', stamp + 0.001],
      ['neighbour', stamp + 0.002],
    ]);
    expect(eventOf('handler: a duration: 1ms')).toMatchObject({ timeFrom: 'ingest', time: INGESTED });
  });

  it('counts a clock that goes back, by source', () => {
    const back = rawEvents('2024-05-01T10:00:05Z INFO a\n2024-05-01T10:00:00Z INFO b\n2024-05-01T10:00:00Z INFO c');
    expect(normaliseEvents([...back, ...rawEvents('2024-05-01T09:00:00Z INFO d', 'other.log')], EMPTY).clockBackwards).toBe(1);
  });
});

describe('identity', () => {
  it.each([
    [{ trace_id: 'abc123' }, { traceId: 'abc123', flowId: 'abc123' }],
    [
      { 'trace.id': 'abc123', 'span.id': 's1' },
      { traceId: 'abc123', spanId: 's1' },
    ],
    [
      { req: { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } } },
      { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    ],
    [{ 'x-request-id': '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f' }, { flowId: '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f' }],
    [{ correlationId: 'c-1' }, { requestId: 'c-1', flowId: 'c-1' }],
    [{ reqId: 'req-1', pid: 7, hostname: 'h', release: 'r' }, { flowId: 'req-1@h/7@r' }],
    [
      { 'service.name': 'shop', 'service.version': '1.5.0' },
      { service: 'shop', release: '1.5.0' },
    ],
    [
      { app: 'shop', version: '1.5.0' },
      { service: 'shop', release: '1.5.0' },
    ],
    [{ name: 'shop', pid: 1 }, { service: 'shop' }],
  ])('of %j', (fields, expected) => {
    expect(eventOf(ndjson({ ...fields, msg: 'x' }))).toMatchObject(expected);
  });

  it('gives lines without a release the one that was announced before', () => {
    const events = eventsOf('INFO a\nINFO Deployed release 1.5.0 to production\nINFO b');
    expect(events.map((event) => [event.kind, event.release])).toEqual([
      ['log', undefined],
      ['release', '1.5.0'],
      ['log', '1.5.0'],
    ]);
  });
});

describe('templates', () => {
  it('gives one template to texts that differ in values, over batches', () => {
    const first = normaliseEvents(rawEvents('INFO user 12 logged in from 10.0.0.1\nINFO user 99 logged in from 10.0.0.2'), EMPTY);
    expect(first.newTemplates).toBe(1);
    expect(first.events[1]?.variables).toEqual(['99', '10.0.0.2']);
    const second = normaliseEvents(rawEvents('INFO user 5 logged in from 10.9.9.9'), first.miner);
    expect(second.newTemplates).toBe(0);
    expect(second.events[0]?.templateId).toBe(first.events[0]?.templateId);
  });
});

it('gives valid events for every kind of line, and never fails on hostile ones', () => {
  const hostile = [
    '{"req":{"method":"GET","url":null},"res":"x","level":{}}',
    '{"__proto__":{"a":1},"constructor":"x","msg":"m"}',
    '{"time":1e400,"duration":-1,"beat":1.5}',
    '{"msg":{"a":[1]},"err":[1],"error":{"message":{}}}',
    'a=b c=d',
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ];
  const { events } = normaliseEvents(rawEvents(hostile.join('\n')), EMPTY);
  expect(events).toHaveLength(hostile.length);
  for (const event of events) expect(telemetryEvent.safeParse(event).error).toBeUndefined();
});
