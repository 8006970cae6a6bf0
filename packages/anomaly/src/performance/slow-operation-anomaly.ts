import type { Anomaly, Level, PerformanceDetails, Place, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { count, milliseconds, percent, probability, releaseName } from '../naming/words.ts';
import type { OperationPool } from '../operations/operation-pool.ts';
import { durationPlot } from '../plots/duration-plot.ts';
import type { Slowdown } from './slowdown.ts';

export const SLOW_OPERATIONS = 'slow-operations';

/** Puts a slowdown that stood the test into words and figures. */
export function slowOperationAnomaly(snapshot: TelemetrySnapshot, now: OperationPool, seen: Slowdown): Anomaly {
  const fingerprint = fingerprintOf('performance', now.operation);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: 'performance',
    detector: SLOW_OPERATIONS,
    fingerprint,
    title: titleOf(now, seen),
    description: describe(now, seen),
    severity: severityOf(seen),
    confidence: confidenceOf(now, seen),
    place: placeOfOperation(now),
    ...(now.release === '' ? {} : { release: now.release }),
    metrics: {
      expectedMs: seen.expectedMs,
      seenMs: seen.seenMs,
      ratio: seen.ratio,
      pValue: seen.pValue,
      superiority: seen.superiority,
      calls: now.timed,
      callsBefore: seen.reference.calls,
      lastSeen: now.lastSeen,
    },
    evidence: now.slowest.map(({ durationMs: _figure, ...line }) => line),
    details: detailsOf(now, seen),
    plot: durationPlot(snapshot, now, seen),
    finding: false,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

function detailsOf(now: OperationPool, seen: Slowdown): PerformanceDetails {
  return {
    type: 'performance',
    operation: now.operation,
    expectedMs: seen.expectedMs,
    expectedFrom: seen.reference.from,
    seenMs: seen.seenMs,
    ratio: seen.ratio,
    p50: now.quantile(0.5),
    p95: now.quantile(0.95),
    p99: now.quantile(0.99),
    pValue: seen.pValue,
    count: now.timed,
    slowest: [...now.slowest],
    calls: [...now.calls],
    ...(seen.reference.before === undefined ? {} : { before: seen.reference.before }),
  };
}

/** Where an operation is: a handler's or a step's own name is that of its handler. */
export function placeOfOperation({ operation, kind, handler }: OperationPool): Place {
  const named = handler ?? (kind === 'handler' || kind === 'beat' ? operation : undefined);
  return { operation, ...(named === undefined ? {} : { handler: named }), ...(kind === 'sequence' ? { sequence: operation } : {}) };
}

function titleOf({ operation }: OperationPool, { seenMs, expectedMs, shape }: Slowdown): string {
  const often = shape === 'tail' ? ' in its slowest twentieth' : '';
  return `${operation} takes ${milliseconds(seenMs)}${often}, expected ${milliseconds(expectedMs)}`;
}

function describe(now: OperationPool, { reference, shape, seenMs, expectedMs, ratio, pValue, superiority }: Slowdown): string {
  const what = shape === 'tail' ? 'at the 95th percentile' : 'at the median';
  const base = `${now.operation} took ${milliseconds(seenMs)} ${what} over ${count(now.timed, 'call')} of ${releaseName(now.release)}`;
  const expected = `${milliseconds(expectedMs)} were expected from ${reference.label}`;
  const proof =
    reference.from === 'budget'
      ? `${percent(superiority)} of the calls are over it (sign test, ${probability(pValue)})`
      : shape === 'tail'
        ? `a larger share of calls is slow than before (Fisher's exact test, ${probability(pValue)})`
        : `in ${percent(superiority)} of pairs the new call is the slower one (Mann–Whitney over ${count(reference.calls, 'earlier call')}, ${probability(pValue)})`;
  return `${base}; ${expected}: ${ratio.toFixed(1)} times as long. Not chance: ${proof}. p-values are corrected for all operations compared.`;
}

function severityOf({ ratio, seenMs, expectedMs, shape }: Slowdown): Level {
  const delta = seenMs - expectedMs;
  if (shape === 'tail') return ratio >= 4 && delta >= 1000 ? 'high' : 'medium';
  if (ratio >= 4 && delta >= 1000) return 'critical';
  if (ratio >= 3) return 'high';
  return ratio >= 2 ? 'medium' : 'low';
}

/** Grows with how cleanly then and now are apart, with the number of calls, and with how firm the expectation is. */
function confidenceOf(now: OperationPool, { reference, shape, superiority }: Slowdown): number {
  const firm = { budget: 0.6, release: 0.6, baseline: 0.55, window: 0.45 }[reference.from];
  const apart = shape === 'tail' ? 0.1 : 0.25 * Math.max(0, 2 * superiority - 1);
  const enough = 0.1 * Math.min(1, now.timed / 100);
  return Math.min(0.97, firm + apart + enough);
}
