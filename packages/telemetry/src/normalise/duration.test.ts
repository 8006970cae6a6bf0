import { describe, expect, it } from 'vitest';
import { durationOf, millisecondsOf } from './duration.ts';
import { FieldView } from './field-view.ts';

describe('durationOf', () => {
  it.each([
    [{ responseTime: 12 }, 12],
    [{ duration_ns: 12_000_000 }, 12],
    [{ durationMicros: 12_000 }, 12],
    [{ latency_seconds: 0.012 }, 12],
    [{ request_time: '0.012' }, 12],
    [{ duration: '12ms' }, 12],
    [{ elapsed: '1.5 s' }, 1500],
    [{ took: '1m30s' }, 90_000],
    [{ Elapsed: '00:00:01.5' }, 1500],
    [{ event: { duration: 12_000_000 } }, 12],
    [{ meta: { duration: 12 } }, 12],
    [{ duration: -1 }, undefined],
    [{ duration: 'long' }, undefined],
    [{ duration: '12 parsecs' }, undefined],
    [{ duration: 'about 5m' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (fields, expected) => {
    const found = durationOf(new FieldView(fields));
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 6);
  });

  it('takes a bare number for the unit that its name tells', () => {
    expect([millisecondsOf(3, 1000), millisecondsOf('3', 1000), millisecondsOf('3ms', 1000)]).toEqual([3000, 3000, 3]);
  });
});
