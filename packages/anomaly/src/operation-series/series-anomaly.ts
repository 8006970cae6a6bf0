import type { Anomaly, OperationSeries, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { count, milliseconds, percent, probability } from '../naming/words.ts';
import { type Point, plotOf } from '../plots/plot.ts';
import type { LastingChange } from './lasting-change.ts';

export const SERIES = 'unusual-series';

export type Measure = 'typical duration' | 'share of errors' | 'calls up' | 'calls down';

export interface ChangedSeries {
  readonly series: OperationSeries;
  readonly change: LastingChange;
}

const MINUTE = 60_000;
const MAX_PARTS = 20;
const MAX_EVIDENCE = 5;
const SHOWN = 3;
/** That something changed is sure; that it is a fault is not. */
const CONFIDENCE = 0.5;

/** All operations whose measure changed, the strongest first, are one finding: what makes all of them slow is most often one thing. */
export function seriesAnomaly(
  snapshot: TelemetrySnapshot,
  measure: Measure,
  changed: readonly [ChangedSeries, ...ChangedSeries[]],
): Anomaly {
  const [first, ...others] = changed;
  const { series, change } = first;
  const since = change.after[0]?.start ?? snapshot.window.from;
  const fingerprint = fingerprintOf('performance', SERIES, measure, series.operation);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: measure === 'share of errors' ? 'error' : 'performance',
    detector: SERIES,
    fingerprint,
    title: `${series.operation}${others.length === 0 ? '' : ` and ${count(others.length, 'other operation')}`}: ${inWords(measure, first)}`,
    description: describe(measure, changed),
    severity: 'low',
    confidence: CONFIDENCE,
    place: { operation: series.operation },
    metrics: {
      expected: change.expected,
      seen: change.seen,
      pValue: change.pValue,
      score: change.score,
      operations: changed.length,
      since,
      lastSeen: (change.after.at(-1)?.start ?? since) + series.bucketMs,
    },
    evidence: evidenceOf(snapshot, measure, series.operation, since),
    details: {
      type: 'signal',
      signal: 'series',
      measure: unitOf(measure),
      expected: inUnit(measure, first, change.expected),
      seen: inUnit(measure, first, change.seen),
      parts: changed.slice(0, MAX_PARTS).map((one) => ({
        name: one.series.operation,
        expected: inUnit(measure, one, one.change.expected),
        seen: inUnit(measure, one, one.change.seen),
      })),
    },
    plot: plotOf(
      unitOf(measure),
      pointsOf(measure, first, 'before'),
      pointsOf(measure, first, 'after'),
      inUnit(measure, first, change.expected),
    ),
    finding: true,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

/** `12 ms → 48 ms at the median since 2026-03-02T10:00:00.000Z`. */
function inWords(measure: Measure, one: ChangedSeries): string {
  const { expected, seen, after } = one.change;
  return `${what(measure)} ${figure(measure, inUnit(measure, one, expected))} → ${figure(measure, inUnit(measure, one, seen))} since ${timeOf(after[0]?.start)}`;
}

function describe(measure: Measure, changed: readonly [ChangedSeries, ...ChangedSeries[]]): string {
  const [{ series, change }] = changed;
  const width = `${series.bucketMs / MINUTE} min`;
  const facts = changed.slice(0, SHOWN).map((one) => `${one.series.operation}: ${inWords(measure, one)}`);
  const test = `The course over time left what it was (${change.reason}, score ${change.score.toFixed(2)}), ${count(change.after.length, 'stretch')} of ${width} in a row against ${change.before.length} before (Mann–Whitney, ${probability(change.pValue)}, corrected for all series), and no stretch before was like it.`;
  return `${facts.join('; ')}. ${test} It says that something changed, not what is wrong; nothing is repaired for it.`;
}

function what(measure: Measure): string {
  if (measure === 'typical duration') return 'takes';
  return measure === 'share of errors' ? 'fails' : 'calls a minute';
}

function unitOf(measure: Measure): string {
  if (measure === 'typical duration') return 'typical duration (geometric mean), ms';
  return measure === 'share of errors' ? 'share of calls that fail' : 'calls a minute';
}

function figure(measure: Measure, value: number): string {
  if (measure === 'typical duration') return milliseconds(value);
  return measure === 'share of errors' ? percent(value) : String(Number(value.toPrecision(3)));
}

/** Calls are counted in stretches and told by the minute. */
function inUnit(measure: Measure, { series }: ChangedSeries, value: number): number {
  return measure === 'calls up' || measure === 'calls down' ? (value * MINUTE) / series.bucketMs : value;
}

function pointsOf(measure: Measure, one: ChangedSeries, side: 'before' | 'after'): Point[] {
  return one.change[side].map(({ start, value }): Point => [start, inUnit(measure, one, value)]);
}

/** The slowest calls, or the newest errors, since the change; a rate has no line of its own. */
function evidenceOf({ slices }: TelemetrySnapshot, measure: Measure, operation: string, since: number): Anomaly['evidence'] {
  const recent = slices.filter(({ to }) => to >= since);
  const lines =
    measure === 'typical duration'
      ? recent
          .flatMap(({ operations }) => operations.filter((stats) => stats.operation === operation).flatMap(({ slowest }) => slowest))
          .sort((a, b) => b.durationMs - a.durationMs)
          .map(({ durationMs: _figure, ...line }) => line)
      : measure === 'share of errors'
        ? recent.flatMap(({ errors }) =>
            errors
              .filter(({ operations }) => Object.hasOwn(operations, operation))
              .flatMap(({ examples }) => examples.map(({ evidence }) => evidence)),
          )
        : [];
  return lines.filter(({ time }) => time >= since).slice(0, MAX_EVIDENCE);
}

function timeOf(start: number | undefined): string {
  return start === undefined ? 'an unknown time' : new Date(start).toISOString();
}
