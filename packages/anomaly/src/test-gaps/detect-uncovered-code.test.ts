import type { OperationStats, TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { codeOperation, coverageOf } from '../testing/code.ts';
import { type Call, START, snapshotOf } from '../testing/snapshot.ts';
import { detectUncoveredCode } from './detect-uncovered-code.ts';

const HOUR = 3_600_000;

function used(operation: string, times: number, release = 'b', kind: OperationStats['kind'] = 'handler'): Call[] {
  const from = release === 'a' ? START : START + HOUR;
  return Array.from({ length: times }, (_, nth) => ({ operation, release, kind, at: from + nth * 1000, ms: 3 }));
}

const points = codeOperation('points', { changedIn: 'new', changedAt: START + 1000 });
const quote = codeOperation('quote', { changedIn: 'old', changedAt: START - HOUR });
const calls = [...used('quote', 90, 'a'), ...used('points', 26), ...used('quote', 80)];

function snapshot(parts: Partial<TelemetrySnapshot> = {}, all: readonly Call[] = calls): TelemetrySnapshot {
  const built = snapshotOf(all);
  const releases = built.releases.map((release) => (release.name === 'b' ? { ...release, brought: ['new'] } : release));
  return {
    ...built,
    releases,
    codeOperations: [points, quote],
    coverage: coverageOf([
      { code: points, calls: 0, uncovered: [10, 11, 12] },
      { code: quote, calls: 4 },
    ]),
    ...parts,
  };
}

describe('code in use that no test calls', () => {
  test('is an incident where it came with the newest release', () => {
    const [anomaly, ...others] = detectUncoveredCode.detect(snapshot());
    expect(others).toEqual([]);
    expect(anomaly).toMatchObject({
      type: 'coverage',
      finding: false,
      release: 'b',
      place: { operation: 'points', file: 'src/points.ts', line: 10, function: 'points' },
      details: { uses: 26, uncoveredLines: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19], inNewestRelease: true },
    });
    expect(anomaly?.description).toBe(
      'points (src/points.ts:10) ran 26 times in production as points, and no test calls it. It came with the newest release.',
    );
  });

  test('is a finding where it is older, unless the policy heals coverage', () => {
    const coverage = coverageOf([{ code: quote, calls: 0 }]);
    expect(detectUncoveredCode.detect(snapshot({ coverage, codeOperations: [quote] }))).toMatchObject([
      { finding: true, details: { uses: 170 } },
    ]);
    expect(detectUncoveredCode.detect(snapshot({ coverage, codeOperations: [quote], policy: { coverage: 'heal' } }))).toMatchObject([
      { finding: false },
    ]);
  });

  test('is dated by time where release names mean nothing to git', () => {
    const releases = snapshotOf(calls).releases;
    expect(detectUncoveredCode.detect(snapshot({ releases }))).toMatchObject([{ finding: false }]);
    const coverage = coverageOf([{ code: quote, calls: 0 }]);
    expect(detectUncoveredCode.detect(snapshot({ releases, coverage, codeOperations: [quote] }))).toMatchObject([{ finding: true }]);
  });

  test('comes in order of use, glue of routes last', () => {
    const glue = codeOperation('GET /quote', { name: 'quoteRoute', endLine: 12 });
    const snap = snapshot(
      { codeOperations: [glue, points, quote], coverage: coverageOf([points, quote, glue].map((code) => ({ code, calls: 0 }))) },
      [...calls, ...used('GET /quote', 300, 'b', 'route')],
    );
    expect(detectUncoveredCode.detect(snap).map(({ place }) => place.function)).toEqual(['quote', 'points', 'quoteRoute']);
    expect(detectUncoveredCode.detect(snap)[2]).toMatchObject({ severity: 'low', finding: true });
  });

  test('counts once where a function has several names', () => {
    const byEvent = { ...points, operation: 'points.computed' };
    expect(detectUncoveredCode.detect(snapshot({ codeOperations: [byEvent, points] }))).toMatchObject([
      { details: { operation: 'points' } },
    ]);
  });

  test('is less sure where the tests do not load the file', () => {
    const [anomaly] = detectUncoveredCode.detect(snapshot({ coverage: coverageOf([{ code: quote, calls: 4 }]) }));
    expect(anomaly).toMatchObject({ place: { function: 'points' }, confidence: 0.6 });
    expect(anomaly?.description).toContain('do not load its file');
  });
});

describe('partly tested code', () => {
  test('is reported with its lines where a good part is left out', () => {
    const coverage = coverageOf([{ code: points, calls: 3, uncovered: [14, 15, 16] }]);
    const [anomaly] = detectUncoveredCode.detect(snapshot({ coverage, codeOperations: [points] }));
    expect(anomaly).toMatchObject({
      title: 'points is used 26 times and 3 lines of it are untested',
      details: { uncoveredLines: [14, 15, 16] },
    });
  });

  test('is fine where one odd line is left out', () => {
    const coverage = coverageOf([{ code: points, calls: 3, uncovered: [14] }]);
    expect(detectUncoveredCode.detect(snapshot({ coverage, codeOperations: [points] }))).toEqual([]);
  });
});

describe('nothing is said', () => {
  test('of code that production does not use, or no longer', () => {
    expect(detectUncoveredCode.detect(snapshot({}, used('quote', 50)))).toEqual([]);
    expect(detectUncoveredCode.detect(snapshot({}, [...used('points', 26, 'a'), ...used('quote', 80)]))).toEqual([]);
  });

  test('without coverage', () => {
    const { coverage: _none, ...rest } = snapshot();
    expect(detectUncoveredCode.detect(rest)).toEqual([]);
  });

  test('where a dismissal raised the threshold above its use', () => {
    expect(detectUncoveredCode.detect(snapshot({ thresholds: { 'uncovered-code|points': 10 } }))).toEqual([]);
  });
});
