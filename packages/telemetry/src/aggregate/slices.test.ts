import { telemetrySlice } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { eventsOf, ndjson } from '../../test/raw-events.ts';
import { mergeOperationStats } from './operations.ts';
import { quantiles } from './sketch.ts';
import { mergeSlices, slicesOf } from './slices.ts';

const START = Date.UTC(2024, 4, 1, 10);

function call(n: number, extra: object = {}): object {
  return {
    level: 30,
    time: START + n * 10,
    reqId: `r${n}`,
    req: { method: 'POST', url: '/pay', body: { n } },
    res: { statusCode: 200 },
    responseTime: n,
    msg: 'request completed',
    ...extra,
  };
}

const calls = (from: number, to: number): string => ndjson(...Array.from({ length: to - from }, (_, index) => call(from + index)));

describe('slicesOf', () => {
  it('counts calls, errors and durations by operation', () => {
    const text = `${calls(1, 100)}\n${ndjson(call(100, { level: 50, res: { statusCode: 500 }, err: { type: 'Error', message: 'no' } }))}`;
    const [stats] = mergeSlices(slicesOf(eventsOf(text))).operations;
    expect(stats).toMatchObject({ operation: 'POST /pay', kind: 'route', count: 100, errors: 1, timed: 100, sumMs: 5050 });
    const [p50 = 0, p95 = 0, p99 = 0] = stats === undefined ? [] : quantiles(stats, [0.5, 0.95, 0.99]);
    expect(p50 / 50).toBeCloseTo(1, 1);
    expect(p95 / 95).toBeCloseTo(1, 1);
    expect(p99 / 99).toBeCloseTo(1, 1);
    expect(stats?.slowest.map((line) => line.durationMs)).toEqual([100, 99, 98, 97, 96]);
    expect(stats?.calls.filter(({ outcome }) => outcome === 'error')).toMatchObject([{ request: { body: { n: 100 }, status: 500 } }]);
  });

  it('merges to what one slice of all would be', () => {
    const whole = mergeSlices(slicesOf(eventsOf(calls(0, 600))));
    const parts = [eventsOf(calls(0, 250)), eventsOf(calls(250, 600), 'b.log')].flatMap(slicesOf);
    const merged = mergeSlices(parts.toReversed());
    const [one, other] = [whole.operations[0], merged.operations[0]];
    if (one === undefined || other === undefined) throw new Error('an operation is missing');
    expect({ ...other, slowest: [], calls: [], samples: [], sketch: '' }).toEqual({
      ...one,
      slowest: [],
      calls: [],
      samples: [],
      sketch: '',
    });
    expect(quantiles(other, [0.1, 0.5, 0.9, 0.99])).toEqual(quantiles(one, [0.1, 0.5, 0.9, 0.99]));
    expect(other.samples).toHaveLength(256);
    expect(telemetrySlice.safeParse(merged).error).toBeUndefined();
    expect(mergeOperationStats([one, one]).samples).toEqual(one.samples);
  });

  it('cuts by release and time, with few slices for a long log', () => {
    const day = Array.from({ length: 2_000 }, (_, index) =>
      call(index, { time: START + index * 43_200, release: index < 1_000 ? 'a' : 'b' }),
    );
    const slices = slicesOf(eventsOf(ndjson(...day)));
    expect(slices.length).toBeLessThan(70);
    expect(new Set(slices.map((slice) => slice.release))).toEqual(new Set(['a', 'b']));
    expect(
      slices.every(
        (slice) =>
          slice.bucketStart % slice.bucketMs === 0 && slice.from >= slice.bucketStart && slice.to < slice.bucketStart + slice.bucketMs,
      ),
    ).toBe(true);
    expect(slicesOf(eventsOf(calls(0, 10)))[0]?.bucketMs).toBe(10_000);
  });

  it('gives an error the request that another line of its flow logged, and counts it once', () => {
    const err = { type: 'TypeError', message: 'no x', stack: 'TypeError: no x\n    at f (/app/a.js:1:2)' };
    const text = ndjson(
      { level: 30, time: START, reqId: 'r1', req: { method: 'POST', url: '/pay/7', body: { n: 1 } }, msg: 'incoming request' },
      { level: 50, time: START + 1, reqId: 'r1', err, msg: 'in service' },
      { level: 50, time: START + 2, reqId: 'r1', err, msg: 'in error handler' },
      { level: 30, time: START + 3, reqId: 'r1', res: { statusCode: 500 }, responseTime: 3, msg: 'request completed' },
    );
    const [slice] = slicesOf(eventsOf(text));
    expect(slice?.errors).toMatchObject([
      {
        type: 'TypeError',
        count: 1,
        operations: { 'POST /pay/:id': 1 },
        examples: [
          {
            evidence: { line: 2, text: 'in service' },
            operation: 'POST /pay/:id',
            request: { method: 'POST', path: '/pay/7', body: { n: 1 } },
          },
        ],
      },
    ]);
    expect(slice?.operations).toMatchObject([
      { operation: 'POST /pay/:id', count: 1, errors: 1, calls: [{ outcome: 'error', request: { body: { n: 1 }, status: 500 } }] },
    ]);
  });

  it('counts a failed call of which only the error is logged', () => {
    const text = ndjson(
      { level: 50, time: START, handler: 'pay', err: { message: 'no' }, msg: 'x' },
      { level: 30, time: START, handler: 'pay', duration: 3, msg: 'x' },
    );
    expect(slicesOf(eventsOf(text))[0]?.operations).toMatchObject([{ operation: 'pay', count: 2, errors: 1, timed: 1 }]);
  });

  it('leaves errors that were handled and told as information alone', () => {
    const text = ndjson(
      { level: 30, time: START, err: { message: 'no' }, msg: 'retrying' },
      { level: 40, time: START, err: { message: 'no' }, msg: 'retrying' },
    );
    expect(slicesOf(eventsOf(text))[0]?.errors).toMatchObject([{ count: 1, severity: 'warn' }]);
  });

  it('counts templates with their worst severity', () => {
    const text = ndjson(
      { level: 30, time: START, msg: 'order 1 took 5 s' },
      { level: 40, time: START, msg: 'order 22 took 7 s' },
      { level: 30, time: START, msg: 'up' },
    );
    expect(slicesOf(eventsOf(text))[0]?.templates).toMatchObject([
      { template: 'order <*> took <*> s', count: 2, severity: 'warn' },
      { template: 'up', count: 1 },
    ]);
  });

  it('is empty for no events', () => {
    expect(slicesOf([])).toEqual([]);
    expect(mergeSlices([])).toMatchObject({ events: 0, operations: [] });
    expect(quantiles({}, [0.5])).toEqual([Number.NaN]);
  });
});
