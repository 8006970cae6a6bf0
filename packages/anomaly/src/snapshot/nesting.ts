import type { TelemetryEvent, TelemetrySnapshot } from '@selfheal/contracts';

/** What is looked at of an event. */
type Timed = Pick<TelemetryEvent, 'flowId' | 'operation' | 'time' | 'durationMs'>;
type Nesting = NonNullable<TelemetrySnapshot['nesting']>;

/** Stamps are whole milliseconds, and a line is written a little after what it tells of. */
const CLOCK_MS = 2;
/** Seen together so often, it is no coincidence. */
const MIN_RUNS = 3;
const MAX_CALLS_PER_RUN = 200;

interface TimedCall {
  readonly operation: string;
  readonly start: number;
  readonly end: number;
}

/** Which operations ran inside which, from the timed calls of runs that share an id. */
export function nestingOf(events: readonly Timed[]): Nesting {
  const runs = Map.groupBy(events.filter(isTimed), ({ flowId }) => flowId ?? '');
  runs.delete('');
  const pairs = new Map<string, { outer: string; inner: string; runs: number; total: number }>();
  for (const run of runs.values()) {
    for (const [key, { outer, inner, ms }] of pairsOf(run.slice(0, MAX_CALLS_PER_RUN).flatMap(callOf))) {
      const known = pairs.get(key) ?? { outer, inner, runs: 0, total: 0 };
      pairs.set(key, { ...known, runs: known.runs + 1, total: known.total + ms });
    }
  }
  return [...pairs.values()]
    .filter((pair) => pair.runs >= MIN_RUNS)
    .map(({ outer, inner, runs: times, total }) => ({ outer, inner, runs: times, innerMs: total / times }));
}

function isTimed({ flowId, operation, durationMs }: Timed): boolean {
  return flowId !== undefined && operation !== undefined && durationMs !== undefined;
}

function callOf({ operation, time, durationMs = 0 }: Timed): TimedCall[] {
  return operation === undefined ? [] : [{ operation, start: time - durationMs, end: time }];
}

/** Time of all inner calls for each pair of outer and inner operation of one run. */
function pairsOf(calls: readonly TimedCall[]): Map<string, { outer: string; inner: string; ms: number }> {
  const pairs = new Map<string, { outer: string; inner: string; ms: number }>();
  for (const outer of calls) {
    for (const inner of calls) {
      if (inner.operation === outer.operation || !isWithin(inner, outer)) continue;
      const key = JSON.stringify([outer.operation, inner.operation]);
      const known = pairs.get(key)?.ms ?? 0;
      pairs.set(key, { outer: outer.operation, inner: inner.operation, ms: known + inner.end - inner.start });
    }
  }
  return pairs;
}

function isWithin(inner: TimedCall, outer: TimedCall): boolean {
  const isShorter = inner.end - inner.start <= outer.end - outer.start;
  return isShorter && inner.start >= outer.start - CLOCK_MS && inner.end <= outer.end + CLOCK_MS;
}
