import { describe, expect, it } from 'vitest';
import { eventOf, ndjson } from '../../test/raw-events.ts';

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
