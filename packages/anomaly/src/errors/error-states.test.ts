import { describe, expect, test } from 'vitest';
import { errorOf } from '../testing/errors.ts';
import { type Call, START, snapshotOf } from '../testing/snapshot.ts';
import { detectErrors } from './detect-errors.ts';
import { errorStates } from './error-states.ts';

const HOUR = 3_600_000;
const NAMES = ['a', 'b', 'c'];

/** Releases an hour apart with `calls` calls each; `errors` of these fail in each. */
function releases(calls: number, errors: readonly number[]) {
  const served: Call[] = errors.flatMap((_, nth) =>
    Array.from({ length: calls }, (_call, at) => ({
      operation: 'POST /labels',
      release: NAMES[nth] ?? '',
      at: START + nth * HOUR + at * 1_000,
    })),
  );
  const failed = errors.flatMap((count, nth) => {
    const at = START + nth * HOUR + 5_000;
    return count === 0 ? [] : [{ release: NAMES[nth] ?? '', error: errorOf({ count, at, lastSeen: at + (calls - 10) * 1_000 }) }];
  });
  return snapshotOf(served, { errors: failed });
}

describe('an error is', () => {
  test.each([
    ['new', [0, 12]],
    ['rising', [6, 40]],
    ['steady', [20, 22]],
    ['falling', [60, 8]],
    ['regressed', [20, 0, 18]],
    ['resolved', [30, 0]],
  ] as const)('%s where releases have %j of 300 calls', (state, errors) => {
    expect(errorStates(releases(300, errors))).toMatchObject([
      { state, type: 'TypeError', place: 'src/label.ts:20', operations: ['POST /labels'] },
    ]);
  });

  test('told with the release that did not have it', () => {
    expect(errorStates(releases(300, [20, 0, 18]))).toMatchObject([{ state: 'regressed', release: 'c', without: 'b' }]);
    expect(errorStates(releases(300, [30, 0]))).toMatchObject([{ state: 'resolved', release: 'a', without: 'b' }]);
  });

  test('not back where the release between had too little traffic to show it', () => {
    const snapshot = releases(300, [20, 0, 18]);
    const thin = snapshot.slices.filter(({ release, bucketStart }) => release !== 'b' || bucketStart < START + HOUR + 15_000);
    const few = thin.map((slice) =>
      slice.release === 'b' ? { ...slice, operations: slice.operations.map((stats) => ({ ...stats, count: 5 })) } : slice,
    );
    expect(errorStates({ ...snapshot, slices: few })).toMatchObject([{ state: 'steady' }]);
  });

  test('resolved within a release where it long stopped coming', () => {
    const served: Call[] = Array.from({ length: 600 }, (_, at) => ({ operation: 'POST /labels', release: 'a', at: START + at * 1_000 }));
    const error = errorOf({ count: 30, at: START, lastSeen: START + 120_000 });
    expect(errorStates(snapshotOf(served, { errors: [{ release: 'a', error }] }))).toMatchObject([{ state: 'resolved', release: 'a' }]);
  });
});

test('worst states come first', () => {
  const both = releases(300, [20, 0, 18]);
  const other = errorOf({ fingerprint: 'other', message: 'old', count: 20, at: START });
  const snapshot = {
    ...both,
    slices: both.slices.map((slice, nth) => (nth === 0 ? { ...slice, errors: [...slice.errors, other] } : slice)),
  };
  expect(errorStates(snapshot).map(({ state }) => state)).toEqual(['regressed', 'resolved']);
});

test('a regression is an anomaly that says since when it is back, with both sides in its picture', () => {
  const [anomaly] = detectErrors.detect(releases(300, [20, 0, 18]));
  expect(anomaly).toMatchObject({ release: 'c', details: { trend: 'regressed' }, plot: { measure: 'times a minute' } });
  expect(anomaly?.description).toContain('It is back: release b did not have it');
  expect(anomaly?.plot?.before.some(([, rate]) => rate > 0)).toBe(true);
  expect(anomaly?.plot?.after.some(([, rate]) => rate > 0)).toBe(true);
});
