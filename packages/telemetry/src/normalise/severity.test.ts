import { describe, expect, it } from 'vitest';
import { eventOf, ndjson } from '../../test/raw-events.ts';

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
