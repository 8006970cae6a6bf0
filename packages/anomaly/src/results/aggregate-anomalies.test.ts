import type { Anomaly, TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { detectFlowDeviations } from '../behavioral/detect-flow-deviations.ts';
import { detectErrors } from '../errors/detect-errors.ts';
import { detectSlowOperations } from '../performance/detect-slow-operations.ts';
import { detectUncoveredCode } from '../test-gaps/detect-uncovered-code.ts';
import { codeOperation, coverageOf } from '../testing/code.ts';
import { errorOf, frame } from '../testing/errors.ts';
import { declaredFlow, flowOf } from '../testing/flows.ts';
import { latency, randomFrom } from '../testing/random.ts';
import { anomalyOf } from '../testing/records.ts';
import { type Call, START, snapshotOf } from '../testing/snapshot.ts';
import { aggregateAnomalies } from './aggregate-anomalies.ts';
import { baselinesOf, learnedFlowsOf, thresholdsOf } from './learned-models.ts';

const HOUR = 3_600_000;
const detectors = [detectErrors, detectFlowDeviations, detectSlowOperations, detectUncoveredCode];

function aggregate(snapshot: TelemetrySnapshot) {
  return aggregateAnomalies(
    snapshot,
    detectors.flatMap((detector) => detector.detect(snapshot)),
  );
}

/** Calls of `inner` within calls of `outer`, in release a at 15 ms and in b as slow as told. */
function nested(innerMs: number, ownMs = 2): Call[] {
  const random = randomFrom(3);
  return ['a', 'b'].flatMap((release, nth) =>
    Array.from({ length: 60 }, (_, at) => {
      const ms = latency(random, release === 'a' ? 15 : innerMs, 0.1, 0);
      const end = START + nth * HOUR + at * 1000;
      return [
        { operation: 'quote', release, at: end, ms },
        { operation: 'POST /quote', release, kind: 'route' as const, at: end + 1, ms: ms + (release === 'a' ? 2 : ownMs) },
      ];
    }).flat(),
  );
}

describe('the innermost slow operation is the cause', () => {
  const known = [{ outer: 'POST /quote', inner: 'quote', runs: 60, innerMs: 70 }];

  test('where runs tell what ran inside', () => {
    const { anomalies, suppressed } = aggregate(snapshotOf(nested(70), { nesting: known }));
    expect(anomalies.map(({ place }) => place.operation)).toEqual(['quote']);
    expect(anomalies[0]?.description).toMatch(/It also shows as: POST \/quote takes/);
    expect(suppressed).toMatchObject([{ because: expect.stringContaining('a consequence of "quote takes') }]);
  });

  test('where only the times of the slowest calls tell', () => {
    expect(aggregate(snapshotOf(nested(70))).anomalies.map(({ place }) => place.operation)).toEqual(['quote']);
  });

  test('unless the outer one lost much more time than that', () => {
    const { anomalies } = aggregate(snapshotOf(nested(70, 300), { nesting: known }));
    expect(anomalies.map(({ place }) => place.operation)).toEqual(['POST /quote', 'quote']);
  });

  test('and not another one that happens to be slow at the time', () => {
    const apart = [{ outer: 'POST /quote', inner: 'audit', runs: 60, innerMs: 3 }];
    expect(aggregate(snapshotOf(nested(70), { nesting: apart })).anomalies).toHaveLength(2);
  });
});

test('a chain of slow operations ends at its innermost', () => {
  const random = randomFrom(6);
  const calls = ['a', 'b'].flatMap((release, nth) =>
    Array.from({ length: 60 }, (_, at) => {
      const ms = latency(random, release === 'a' ? 10 : 90, 0.1, 0);
      const end = START + nth * HOUR + at * 1000;
      return ['query', 'handler', 'route'].map((operation, level) => ({ operation, release, at: end, ms: ms + level }));
    }).flat(),
  );
  const nesting = [
    { outer: 'route', inner: 'handler', runs: 60, innerMs: 91 },
    { outer: 'handler', inner: 'query', runs: 60, innerMs: 90 },
  ];
  const { anomalies, suppressed } = aggregate(snapshotOf(calls, { nesting }));
  expect(anomalies.map(({ place }) => place.operation)).toEqual(['query']);
  expect(suppressed.every(({ because }) => because.includes('a consequence of "query takes'))).toBe(true);
  const inCircle = [...nesting, { outer: 'query', inner: 'route', runs: 60, innerMs: 90 }];
  expect(aggregate(snapshotOf(calls, { nesting: inCircle })).anomalies).toHaveLength(3);
});

describe('consequences of an error', () => {
  test('a slow path and a flow that hangs after the throw are left out', () => {
    const random = randomFrom(4);
    const calls = ['a', 'b'].flatMap((release, nth) =>
      Array.from({ length: 60 }, (_, at) => ({
        operation: 'reserve',
        release,
        at: START + nth * HOUR + at * 1000,
        ms: latency(random, release === 'a' ? 10 : 90, 0.1),
      })),
    );
    const error = errorOf({ at: START + HOUR, count: 30, operations: { reserve: 30 }, flowId: 'run-validate reserve', status: 500 });
    const flows = [
      flowOf('checkout', 'a', [{ steps: 'validate reserve charge' }]),
      flowOf('checkout', 'b', [
        { steps: 'validate reserve charge', count: 30 },
        { steps: 'validate reserve', count: 30 },
      ]),
    ];
    const snapshot = snapshotOf(calls, {
      errors: [{ release: 'b', error }],
      flows,
      declaredFlows: [declaredFlow('checkout', 'validate reserve charge')],
    });
    const { anomalies, suppressed } = aggregate(snapshot);
    expect(anomalies.map(({ type }) => type)).toEqual(['error']);
    expect(suppressed).toHaveLength(2);
  });

  test('a rare error does not explain that all calls are slow', () => {
    const error = errorOf({ at: START + HOUR, count: 2, operations: { quote: 2 }, status: 500 });
    expect(
      aggregate(snapshotOf(nested(70), { errors: [{ release: 'b', error }] }))
        .anomalies.map(({ type }) => type)
        .sort(),
    ).toEqual(['error', 'performance']);
  });

  test('the fix of an untested function that fails brings its test', () => {
    const code = codeOperation('label', { file: 'src/label.ts' });
    const calls = Array.from({ length: 20 }, (_, at) => ({ operation: 'label', release: 'b', at: START + at * 1000 }));
    const error = errorOf({ operations: { label: 3 }, count: 3, frames: [frame('src/label.ts', 12, 'label')] });
    const snapshot = snapshotOf(calls, {
      errors: [{ release: 'b', error }],
      codeOperations: [code],
      coverage: coverageOf([{ code, calls: 0 }]),
      policy: { coverage: 'heal' },
    });
    expect(aggregate(snapshot).anomalies.map(({ type }) => type)).toEqual(['error']);
  });
});

test('a sequence that waits is slow for that reason', () => {
  const random = randomFrom(5);
  const calls = ['a', 'b'].flatMap((release, nth) =>
    Array.from({ length: 60 }, (_, at) => ({
      operation: 'checkout',
      kind: 'sequence' as const,
      release,
      at: START + nth * HOUR + at * 1000,
      ms: latency(random, release === 'a' ? 20 : 420, 0.1, 0),
    })),
  );
  const flows = [
    flowOf('checkout', 'a', [{ steps: 'validate reserve charge' }]),
    flowOf('checkout', 'b', [{ steps: 'validate reserve charge', gapsMs: [null, 0.2, 400] }]),
  ];
  const { anomalies } = aggregate(snapshotOf(calls, { flows }));
  expect(anomalies).toMatchObject([{ type: 'behavioral', details: { deviation: 'waiting' } }]);
});

test('equal fingerprints are one, as sure as the surest; the severe come first, findings last', () => {
  const mild = anomalyOf({ fingerprint: 'a', severity: 'low', id: '1' });
  const twice = [
    anomalyOf({ fingerprint: 'b', severity: 'high', confidence: 0.5, finding: true, id: '2' }),
    anomalyOf({ fingerprint: 'b', severity: 'high', confidence: 0.8, id: '3' }),
  ];
  const finding = anomalyOf({ fingerprint: 'c', severity: 'critical', finding: true, id: '4' });
  const { anomalies } = aggregateAnomalies(snapshotOf([]), [finding, mild, ...twice]);
  expect(anomalies.map(({ id, finding: isFinding }) => [id, isFinding])).toEqual([
    ['3', false],
    ['1', false],
    ['4', true],
  ]);
});

describe('what is learned', () => {
  const flows = [
    flowOf('checkout', 'b', [
      { steps: 'validate reserve charge', count: 40 },
      { steps: 'validate', count: 3, failed: 3 },
    ]),
  ];

  test('is the healthy, in a form that the next window reads', () => {
    const { learned } = aggregate(snapshotOf(nested(16), { flows }));
    expect(learned.map(({ id }) => id).sort()).toEqual(['shop|baseline|POST /quote', 'shop|baseline|quote', 'shop|flow|checkout']);
    expect(baselinesOf(learned)).toMatchObject([{ operation: 'quote', release: 'b', stats: { timed: 60 } }, { operation: 'POST /quote' }]);
    expect(learnedFlowsOf(learned)).toEqual([{ flow: 'checkout', release: 'b', steps: ['validate', 'reserve', 'charge'], runs: 40 }]);
  });

  test('is not what an anomaly concerns', () => {
    const { learned } = aggregate(snapshotOf(nested(70), { flows, declaredFlows: [declaredFlow('checkout', 'reserve validate charge')] }));
    expect(learned).toEqual([]);
  });

  test('is renewed in time, and never grows slower by more than a quarter', () => {
    const first = snapshotOf(nested(16));
    const baselines = baselinesOf(aggregate(first).learned);
    expect(aggregate({ ...first, baselines }).learned).toEqual([]);
    const later = { ...first, baselines, window: { ...first.window, to: first.window.to + HOUR } };
    expect(aggregate(later).learned).toHaveLength(2);
    const slower = snapshotOf(
      nested(21).filter(({ release }) => release === 'b'),
      { baselines },
    );
    expect(aggregate({ ...slower, window: later.window }).learned).toEqual([]);
  });

  test('catches a slow decay that each release alone hides', () => {
    const baselines = baselinesOf(aggregate(snapshotOf(nested(15))).learned);
    const decayed = snapshotOf(
      nested(26).filter(({ release }) => release === 'b'),
      { baselines },
    );
    expect(aggregate(decayed).anomalies).toMatchObject([{ details: { expectedFrom: 'baseline' } }]);
  });

  test('leaves models of other shapes alone', () => {
    const odd = { id: 'x', projectId: 'shop', kind: 'baseline' as const, key: 'op', value: { mean: 3 }, updatedAt: 1 };
    expect(baselinesOf([odd])).toEqual([]);
    expect(learnedFlowsOf([{ ...odd, kind: 'flow' }])).toEqual([]);
    expect(
      thresholdsOf([
        { ...odd, kind: 'threshold', key: 'd|p', value: { factor: 2 } },
        { ...odd, kind: 'threshold', key: 'e|p', value: {} },
      ]),
    ).toEqual({ 'd|p': 2, 'e|p': 1 });
  });
});

test('anomalies of a plugin pass through', () => {
  const own: Anomaly = anomalyOf({ detector: 'mine' });
  expect(aggregateAnomalies(snapshotOf([]), [own])).toEqual({ anomalies: [own], suppressed: [], learned: [] });
});
