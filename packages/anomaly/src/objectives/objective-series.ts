import type { ObjectiveSeries, OperationStats, SelfhealConfig, TelemetrySlice } from '@selfheal/contracts';
import { mergeSketches } from '../operations/merge-sketches.ts';

type Declared = SelfhealConfig['slos'][number];

const DEFAULT_TARGET = 0.99;
const MAX_EVIDENCE = 5;
/** Enough halvings for one call in a million. */
const HALVINGS = 20;

/** What was seen of each declared objective in the slices given, which should reach back over its period from `until` (epoch ms). */
export function objectiveSeriesOf(declared: readonly Declared[], slices: readonly TelemetrySlice[], until: number): ObjectiveSeries[] {
  return declared.map((slo) => {
    const isOf = operationMatcher(slo.operation);
    const within = slices.filter(({ to }) => to > until - slo.periodMs && to <= until);
    const own = within.flatMap((slice) =>
      slice.operations.filter(({ operation, handler = '' }) => isOf(operation) || isOf(handler)).map((stats) => ({ slice, stats })),
    );
    const byStart = Map.groupBy(own, ({ slice }) => slice.bucketStart);
    return {
      name: slo.name ?? nameOf(slo),
      operation: slo.operation,
      kind: slo.availability === undefined ? 'latency' : 'availability',
      target: slo.availability ?? slo.share ?? DEFAULT_TARGET,
      ...(slo.latencyMs === undefined ? {} : { thresholdMs: slo.latencyMs }),
      periodMs: slo.periodMs,
      buckets: [...byStart.values()].map((same) => bucketOf(same, slo.latencyMs)).sort((a, b) => a.from - b.from),
      evidence: evidenceOf(
        own.map(({ stats }) => stats),
        within,
        slo,
        isOf,
      ),
    };
  });
}

/** A name matches a pattern whose `*` stand for any characters. Linear: parts are looked for from left to right. */
export function operationMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.at(-1);
  return (name) => {
    if (last === undefined) return name === pattern;
    if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest.slice(0, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}

function nameOf({ operation, availability, latencyMs, share }: Declared): string {
  if (availability !== undefined) return `${operation} available ${percentOf(availability)}`;
  return `${operation} within ${latencyMs} ms ${percentOf(share ?? DEFAULT_TARGET)}`;
}

function percentOf(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}

function bucketOf(
  same: readonly { slice: TelemetrySlice; stats: OperationStats }[],
  latencyMs: number | undefined,
): ObjectiveSeries['buckets'][number] {
  const counts = same.map(({ stats }) =>
    latencyMs === undefined ? { total: stats.count, bad: stats.errors } : slowCalls(stats, latencyMs),
  );
  return {
    from: Math.min(...same.map(({ slice }) => slice.from)),
    to: Math.max(...same.map(({ slice }) => slice.to)),
    total: counts.reduce((sum, { total }) => sum + total, 0),
    bad: counts.reduce((sum, { bad }) => sum + bad, 0),
  };
}

/** Calls over the threshold, by the sketch (1 % accurate in the threshold), else by the sample. */
function slowCalls({ timed, sketch, samples }: OperationStats, latencyMs: number): { total: number; bad: number } {
  const quantile = sketch === undefined ? undefined : mergeSketches([sketch]);
  if (quantile === undefined) {
    const over = samples.filter(([, ms]) => ms > latencyMs).length;
    return { total: timed, bad: samples.length === 0 ? 0 : Math.round((timed * over) / samples.length) };
  }
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (quantile(middle) <= latencyMs) low = middle;
    else high = middle;
  }
  return { total: timed, bad: timed - Math.min(timed, Math.round(low * (timed - 1)) + (quantile(0) <= latencyMs ? 1 : 0)) };
}

function evidenceOf(
  own: readonly OperationStats[],
  slices: readonly TelemetrySlice[],
  { latencyMs }: Declared,
  isOf: (name: string) => boolean,
): ObjectiveSeries['evidence'] {
  const lines =
    latencyMs === undefined
      ? slices.flatMap(({ errors }) =>
          errors
            .filter(({ operations }) => Object.keys(operations).some(isOf))
            .flatMap(({ examples }) => examples.map(({ evidence }) => evidence)),
        )
      : own.flatMap(({ slowest }) =>
          slowest.filter(({ durationMs }) => durationMs > latencyMs).map(({ durationMs: _figure, ...line }) => line),
        );
  return lines.sort((a, b) => b.time - a.time).slice(0, MAX_EVIDENCE);
}
