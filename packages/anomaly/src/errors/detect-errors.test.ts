import type { ErrorStats, TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { type ErrorParts, errorOf, frame } from '../testing/errors.ts';
import { randomFrom } from '../testing/random.ts';
import { type Call, START, snapshotOf } from '../testing/snapshot.ts';
import { detectErrors } from './detect-errors.ts';

const HOUR = 3_600_000;

function labels(release: string, from: number, times: number): Call[] {
  return Array.from({ length: times }, (_, nth) => ({ operation: 'POST /labels', release, kind: 'route', at: from + nth * 1000 }));
}

/** Release a, then release b an hour later, with the errors as given. */
function snapshot(errors: Partial<Record<'a' | 'b', readonly ErrorStats[]>>, parts: Partial<TelemetrySnapshot> = {}): TelemetrySnapshot {
  return snapshotOf([...labels('a', START, 60), ...labels('b', START + HOUR, 60)], {
    errors: (['a', 'b'] as const).flatMap((release) => (errors[release] ?? []).map((error) => ({ release, error }))),
    ...parts,
  });
}

function inB(parts: ErrorParts = {}): ErrorStats {
  return errorOf({ at: START + HOUR + 5000, status: 500, ...parts });
}

describe("the application's own fault", () => {
  test('is an anomaly with place, rate, share and what is new', () => {
    const [anomaly, ...others] = detectErrors.detect(snapshot({ b: [inB()] }));
    expect(others).toEqual([]);
    expect(anomaly).toMatchObject({
      type: 'error',
      severity: 'high',
      release: 'b',
      title: "TypeError: Cannot read properties of undefined (reading 'country') in label",
      place: { operation: 'POST /labels', file: 'src/label.ts', line: 20, function: 'label' },
      details: { trend: 'new', newInRelease: 'b', shareOfCalls: 0.15 },
      evidence: [{ source: 'app.log' }],
    });
    expect(anomaly?.metrics.ratePerMinute).toBeCloseTo(9.15, 1);
    expect(anomaly?.confidence).toBeGreaterThan(0.9);
  });

  test('counts from its first occurrence, in a log without any release', () => {
    const snap = snapshotOf(labels('', START, 5), { errors: [{ release: '', error: errorOf({ count: 1 }) }] });
    expect(detectErrors.detect(snap)).toMatchObject([{ details: { trend: 'steady' }, severity: 'medium' }]);
    expect(detectErrors.detect(snap)[0]?.release).toBeUndefined();
  });

  test('counts where it was caught and logged as a warning with its stack, and is less sure', () => {
    const [anomaly] = detectErrors.detect(snapshot({ b: [inB({ severity: 'warn' })] }));
    expect(anomaly?.confidence).toBeLessThan(0.85);
  });

  test('counts where a handler logged only the message', () => {
    const plain = inB({
      frames: [],
      type: 'LoggedError',
      message: 'createOrder failed: order.lines is not iterable',
      operations: { createOrder: 9 },
    });
    expect(detectErrors.detect(snapshot({ b: [plain] }))).toMatchObject([{ place: { operation: 'createOrder' } }]);
  });

  test('that kills the process is critical', () => {
    expect(detectErrors.detect(snapshot({ b: [inB({ severity: 'fatal' })] }))).toMatchObject([{ severity: 'critical' }]);
  });

  test('in both releases is steady, or rising where the rate grew', () => {
    const steady = { a: [errorOf({ status: 500 })], b: [inB()] };
    expect(detectErrors.detect(snapshot(steady))).toMatchObject([{ release: 'b', details: { trend: 'steady' } }]);
    const rising = { a: [errorOf({ status: 500, count: 1 })], b: [inB({ count: 30 })] };
    expect(detectErrors.detect(snapshot(rising))).toMatchObject([{ details: { trend: 'rising' }, metrics: { ratio: 30 } }]);
  });

  test('falls or rises within one release by the halves of its time', () => {
    const times = (first: number, second: number) =>
      snapshotOf(labels('', START, 600), {
        errors: [
          { release: '', error: errorOf({ count: first }) },
          { release: '', error: errorOf({ count: second, at: START + 540_000 }) },
        ],
      });
    expect(detectErrors.detect(times(30, 2))).toMatchObject([{ details: { trend: 'falling', error: { count: 32 } } }]);
    expect(detectErrors.detect(times(2, 30))).toMatchObject([{ details: { trend: 'rising' } }]);
  });
});

describe('one cause is one anomaly', () => {
  test('where two layers log the same error', () => {
    const wrapped = inB({ type: 'Error', message: "Request failed: Cannot read properties of undefined (reading 'country')", frames: [] });
    expect(detectErrors.detect(snapshot({ b: [wrapped, inB()] }))).toMatchObject([{ details: { error: { type: 'TypeError', count: 9 } } }]);
  });

  test('where one line fails on undefined here and on null there', () => {
    const other = inB({ message: "Cannot read properties of null (reading 'country')", flowId: 'req-2', count: 3 });
    const anomalies = detectErrors.detect(snapshot({ b: [inB(), other] }));
    expect(anomalies).toMatchObject([{ details: { error: { count: 12 } } }]);
    expect(anomalies[0]?.evidence).toHaveLength(2);
  });

  test('but two places are two', () => {
    const other = inB({ message: 'x is not a function', frames: [frame('src/rates.ts', 5, 'rates')], flowId: 'req-1' });
    expect(detectErrors.detect(snapshot({ b: [inB(), other] }))).toHaveLength(2);
  });
});

describe('no anomaly', () => {
  test('client errors, warnings, business refusals, clients that hang up', () => {
    const noise = [
      inB({ message: 'body must have property sku', type: 'ValidationError', status: 400 }),
      inB({ message: 'cache miss', type: 'Warning', severity: 'warn', frames: [] }),
      inB({ message: 'The card was declined', type: 'Refusal', severity: 'info' }),
      inB({ message: 'read ECONNRESET', type: 'Error' }),
      inB({ message: 'The operation was aborted', type: 'AbortError' }),
    ];
    expect(detectErrors.detect(snapshot({ b: noise }))).toEqual([]);
  });

  test('a steady message without stack, such as good sessions print', () => {
    const failed = { type: 'LoggedError', message: 'System initialized: FAILED', frames: [], operations: {}, count: 2 };
    const { status: _none, ...plain } = { status: 0, ...failed };
    expect(detectErrors.detect(snapshot({ a: [errorOf(plain)], b: [errorOf({ ...plain, at: START + HOUR })] }))).toEqual([]);
  });

  test('a network that fails now and then', () => {
    const timeouts = { message: 'connect ETIMEDOUT payments:443', type: 'Error', count: 3, status: 502 };
    expect(detectErrors.detect(snapshot({ a: [errorOf(timeouts)], b: [inB(timeouts)] }))).toEqual([]);
  });

  test('what a newer release mended', () => {
    expect(detectErrors.detect(snapshot({ a: [errorOf({ status: 500 })] }))).toEqual([]);
  });

  test('what was dismissed at its place, again and again', () => {
    expect(detectErrors.detect(snapshot({ b: [inB()] }, { thresholds: { 'errors-by-cause|POST /labels': 3.4 } }))).toEqual([]);
  });

  test('noise at random rates, whatever the seed', () => {
    const alarms = [];
    for (let seed = 0; seed < 200; seed++) {
      const random = randomFrom(seed);
      const noise = (at: number): ErrorStats[] => [
        errorOf({ at, message: 'read ECONNRESET', type: 'Error', status: 500, count: 1 + Math.floor(random() * 5) }),
        errorOf({ at, message: 'unknown sku', type: 'NotFound', status: 404, count: 1 + Math.floor(random() * 8) }),
        errorOf({
          at,
          message: 'payment provider timed out, retrying',
          type: 'LoggedError',
          frames: [],
          count: 1 + Math.floor(random() * 3),
        }),
        errorOf({ at, message: 'slow response', type: 'Warning', severity: 'warn', count: 5 + Math.floor(random() * 15) }),
      ];
      alarms.push(...detectErrors.detect(snapshot({ a: noise(START), b: noise(START + HOUR) })).map(({ title }) => `${seed}: ${title}`));
    }
    expect(alarms).toEqual([]);
  });
});

describe('with low confidence', () => {
  test('client errors that surge', () => {
    const refused = { message: 'body must have property sku', type: 'ValidationError', status: 400 };
    const anomalies = detectErrors.detect(snapshot({ a: [errorOf({ ...refused, count: 2 })], b: [inB({ ...refused, count: 40 })] }));
    expect(anomalies).toMatchObject([{ severity: 'low' }]);
    expect(anomalies[0]?.confidence).toBeLessThan(0.5);
  });

  test('failures of which only frames of dependencies are known', () => {
    const inDriver = inB({
      message: 'column "sku" does not exist',
      type: 'DatabaseError',
      frames: [frame('node_modules/pg/lib/client.js', 9, 'query', false)],
    });
    const [anomaly] = detectErrors.detect(snapshot({ b: [inDriver] }));
    expect(anomaly?.confidence).toBeLessThan(0.6);
    expect(anomaly?.description).toContain('its place is a guess');
  });

  test('another system that begins to fail with a release', () => {
    const refused = inB({ message: 'connect ECONNREFUSED', type: 'Error', count: 12 });
    expect(detectErrors.detect(snapshot({ b: [refused] }))).toMatchObject([{ details: { trend: 'new' } }]);
  });
});

test('too little traffic since the deploy does not hide a fault', () => {
  const snap = snapshotOf([...labels('a', START, 60), ...labels('b', START + HOUR, 4)], {
    errors: [{ release: 'a', error: errorOf({ status: 500 }) }],
  });
  expect(detectErrors.detect(snap)).toMatchObject([{ release: 'a' }]);
});
