import { join } from 'node:path';
import type { Anomaly, OperationStats, TelemetrySlice } from '@selfheal/contracts';
import { makeOrdersRepository } from '@selfheal/testkit';
import { createSelfHealing } from 'selfheal';

const MINUTE = 60_000;
export const START = Date.UTC(2026, 4, 4, 9);
/** What an attacker may have got into a log. */
export const HOSTILE = '<script>alert(1)</script>\u001b[31m\u202e"&';

/** Of the two lines of `shippingLabel`, tests ran the first. */
const LABEL_COVERAGE = {
  path: 'lib/label.js',
  lines: { 12: 1, 13: 0 },
  functions: [{ name: 'shippingLabel', startLine: 11, endLine: 14, count: 1 }],
  branches: { covered: 0, total: 0 },
};

/**
 * A repository whose telemetry is stored: an hour of calls by two releases, an operation of ours that got slow and fails, one with a
 * hostile name, an error, what the tests cover, an anomaly.
 */
export async function makeStoredService(config: Record<string, unknown> = {}): Promise<{ root: string; anomaly: Anomaly }> {
  const { root, git } = await makeOrdersRepository({ change: { 'selfheal.config.json': JSON.stringify(config) } });
  const commit = await git('rev-parse', 'HEAD');
  const healing = await createSelfHealing({ repo: root });
  try {
    const projectId = healing.project.id;
    const slices = Array.from({ length: 60 }, (_, minute) => sliceOf(minute));
    await healing.records.put('batch', {
      id: 'b1',
      projectId,
      file: join('lake', 'b1.parquet'),
      sha256: '',
      events: slices.reduce((sum, { events }) => sum + events, 0),
      bytes: 1,
      from: START,
      to: START + 60 * MINUTE - 1,
      createdAt: START,
    });
    for (const slice of slices)
      await healing.records.put('slice', {
        id: `s${slice.bucketStart}`,
        projectId,
        batchId: 'b1',
        release: slice.release,
        bucketStart: slice.bucketStart,
        slice,
      });
    await healing.records.put('coverage', {
      id: `coverage-${commit}`,
      projectId,
      commit,
      coverage: { commit, files: [LABEL_COVERAGE] },
      createdAt: START,
    });
    const anomaly = slowLabels(projectId);
    await healing.records.put('anomaly', anomaly);
    return { root, anomaly };
  } finally {
    await healing.stop();
  }
}

/** Twenty calls of each operation a minute; from the fortieth minute on, labels are printed slowly and every other one fails. */
function sliceOf(minute: number): TelemetrySlice {
  const bucketStart = START + minute * MINUTE;
  const isSlow = minute >= 40;
  const failed = isSlow ? 10 : 0;
  return {
    release: isSlow ? 'v2' : 'v1',
    bucketStart,
    bucketMs: MINUTE,
    events: 40,
    from: bucketStart,
    to: bucketStart + MINUTE - 1,
    operations: [
      { ...operationOf('POST /orders/label', minute, (call) => (isSlow ? 90 : 10) + (call % 5), failed), handler: 'shippingLabel' },
      operationOf(HOSTILE, minute, (call) => 3 + (call % 3), 0),
    ],
    errors:
      failed === 0
        ? []
        : [
            {
              fingerprint: 'f00d',
              type: 'TypeError',
              normalisedMessage: "Cannot read properties of undefined (reading 'city')",
              severity: 'error',
              count: failed,
              operations: { 'POST /orders/label': failed },
              firstSeen: bucketStart,
              lastSeen: bucketStart + 50_000,
              frames: [{ function: 'shippingLabel', file: 'lib/label.js', line: 2, inApp: true }],
              examples: [],
            },
          ],
    templates: [],
  };
}

function operationOf(name: string, minute: number, ms: (call: number) => number, errors: number): OperationStats {
  const durations = Array.from({ length: 20 }, (_, call) => ms(call));
  const at = START + minute * MINUTE;
  return {
    operation: name,
    kind: 'route',
    count: 20,
    errors,
    timed: 20,
    sumMs: durations.reduce((sum, value) => sum + value, 0),
    samples: durations.map((value, call): [number, number] => [((minute * 20 + call) * 7_919) % 10_007, value]),
    firstSeen: at,
    lastSeen: at + MINUTE - 1,
    slowest: [],
    calls: [],
  };
}

function slowLabels(projectId: string): Anomaly {
  return {
    id: 'an-slow-labels',
    projectId,
    type: 'performance',
    detector: 'slow-operations',
    fingerprint: 'slow-labels',
    title: `POST /orders/label takes 92 ms, expected 12 ms ${HOSTILE}`,
    description: 'It took 92 ms at the median.',
    severity: 'high',
    confidence: 0.95,
    place: { operation: 'POST /orders/label' },
    release: 'v2',
    metrics: { ratio: 7.7, lastSeen: START + 59 * MINUTE },
    evidence: [{ eventId: 'app.log:1', source: 'app.log', line: 812, time: START + 41 * MINUTE, text: `label in 94 ms ${HOSTILE}` }],
    details: {
      type: 'performance',
      operation: 'POST /orders/label',
      expectedMs: 12,
      expectedFrom: 'release',
      before: 'v1',
      seenMs: 92,
      ratio: 7.7,
      p50: 92,
      p95: 94,
      p99: 94,
      count: 400,
      slowest: [],
      calls: [],
    },
    plot: {
      measure: 'median of POST /orders/label, ms',
      before: [1, 2, 3, 4].map((minute): [number, number] => [START + minute * MINUTE, 12]),
      after: [41, 42, 43].map((minute): [number, number] => [START + minute * MINUTE, 92]),
      expected: 12,
    },
    finding: true,
    detectedAt: START + 60 * MINUTE,
    window: { from: START, to: START + 60 * MINUTE },
  };
}
