import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf, ndjson } from '../../test/raw-events.ts';

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
