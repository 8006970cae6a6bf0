import { createHash } from 'node:crypto';
import type { Anomaly, Detector, TelemetrySnapshot } from 'selfheal/plugin';

const MIN_CALLS = 100;
/** The slowest hundredth may take this many times the middle call. */
const MAX_RATIO = 20;

type Stats = TelemetrySnapshot['slices'][number]['operations'][number];

/** Operations whose slowest calls are far from the usual one: people at a till wait for exactly these. */
export const tailDetector: Detector = {
  name: 'till-tail',
  type: 'performance',
  detect(snapshot) {
    const release = snapshot.releases.at(-1)?.name ?? '';
    const seen = snapshot.slices.filter((slice) => slice.release === release).flatMap((slice) => slice.operations);
    const byOperation = Map.groupBy(seen, (stats) => stats.operation);
    return [...byOperation].flatMap(([operation, stats]) => judge(snapshot, release, operation, stats));
  },
};

function judge(snapshot: TelemetrySnapshot, release: string, operation: string, stats: readonly Stats[]): Anomaly[] {
  const count = stats.reduce((sum, one) => sum + one.timed, 0);
  const durations = stats.flatMap((one) => one.samples.map(([, ms]) => ms)).sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => durations[Math.floor(share * (durations.length - 1))] ?? 0) as [
    number,
    number,
    number,
  ];
  // A person who dismissed this before made the detector stricter at this place.
  const limit = MAX_RATIO * (snapshot.thresholds[`till-tail|${operation}`] ?? 1);
  if (count < MIN_CALLS || p50 === 0 || p99 / p50 <= limit) return [];
  const slowest = stats
    .flatMap((one) => one.slowest)
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, 5);
  const fingerprint = createHash('sha256').update(`performance till-tail ${operation}`).digest('hex').slice(0, 16);
  return [
    {
      id: `an-${fingerprint}-${snapshot.window.to}`,
      projectId: snapshot.projectId,
      type: 'performance',
      detector: 'till-tail',
      fingerprint,
      title: `${operation} has a long tail: its slowest hundredth takes ${(p99 / p50).toFixed(0)} times the middle call`,
      description: `Over ${count} calls the median is ${p50} ms and the 99th percentile ${p99} ms; ${limit} times the median is allowed.`,
      severity: p99 / p50 > 3 * limit ? 'high' : 'medium',
      confidence: Math.min(0.95, 0.5 + count / 2_000),
      place: { operation },
      release,
      metrics: { p50, p99, ratio: p99 / p50, calls: count },
      evidence: slowest.map(({ durationMs: _durationMs, ...line }) => line),
      details: {
        type: 'performance',
        operation,
        expectedMs: p50 * limit,
        expectedFrom: 'window',
        seenMs: p99,
        ratio: p99 / (p50 * limit),
        p50,
        p95,
        p99,
        count,
        slowest,
        calls: stats.flatMap((one) => one.calls).slice(0, 24),
      },
      finding: false,
      detectedAt: snapshot.now,
      window: snapshot.window,
    },
  ];
}
