import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf, ndjson } from '../../test/raw-events.ts';

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
    expect(eventOf('ERROR Cleaned up failed movement').error).toBeUndefined();
  });
});

describe('what is no error', () => {
  it.each([
    [{ level: 30, msg: 'x', error: 'none' }],
    [{ level: 30, msg: 'x', error: null }],
    [{ level: 'warn', message: 'bad input: TypeError: forged\n    at f (/app/src/a.js:1:1)' }],
    [{ level: 30, msg: 'recovered from TimeoutError: slow' }],
  ])('%j', (line) => {
    expect(eventOf(ndjson(line)).error).toBeUndefined();
  });
});
