import type { OperationStats, RecordedCall, TelemetrySlice } from '@selfheal/contracts';
import { quantileSorted } from 'simple-statistics';
import { mergeSketches } from './merge-sketches.ts';
import { poolSamples, type Sample } from './pool-samples.ts';

/** What one release did under one name, with its time axis. Durations in ms, times epoch ms. */
export interface OperationPool {
  readonly operation: string;
  readonly kind: OperationStats['kind'];
  readonly handler: string | undefined;
  readonly release: string;
  readonly count: number;
  readonly errors: number;
  readonly timed: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** An unbiased sample over all buckets. */
  readonly samples: readonly Sample[];
  /** Oldest first. */
  readonly buckets: readonly OperationBucket[];
  /** Slowest calls, slowest first. */
  readonly slowest: OperationStats['slowest'];
  readonly calls: readonly RecordedCall[];
  /** By the sketch where there is one, else by the sample. */
  quantile(q: number): number;
}

export interface OperationBucket {
  readonly start: number;
  readonly end: number;
  readonly timed: number;
  readonly samples: readonly Sample[];
}

const MAX_SAMPLES = 512;
const MAX_SLOWEST = 5;
const MAX_CALLS = 24;

/** Pools the operations of all slices by release and name. */
export function poolOperations(slices: readonly TelemetrySlice[]): OperationPool[] {
  const parts = new Map<string, { release: string; stats: OperationStats; start: number; end: number }[]>();
  for (const { release, bucketStart, bucketMs, operations } of slices) {
    for (const stats of operations) {
      const key = JSON.stringify([release, stats.operation]);
      const part = { release, stats, start: bucketStart, end: bucketStart + bucketMs };
      parts.set(key, [...(parts.get(key) ?? []), part]);
    }
  }
  return [...parts.values()].map((group) => pool(group.sort((a, b) => a.start - b.start)));
}

/** One set of statistics as a pool, for what was stored without a time axis. */
export function poolOf(stats: OperationStats, release: string): OperationPool {
  return pool([{ release, stats, start: stats.firstSeen, end: stats.lastSeen }]);
}

function pool(parts: readonly { release: string; stats: OperationStats; start: number; end: number }[]): OperationPool {
  const all = parts.map(({ stats }) => stats);
  const newest = all.at(-1);
  const samples = poolSamples(all, MAX_SAMPLES);
  const sum = (of: (stats: OperationStats) => number): number => all.reduce((total, stats) => total + of(stats), 0);
  return {
    operation: newest?.operation ?? '',
    kind: newest?.kind ?? 'other',
    handler: all.findLast(({ handler }) => handler !== undefined)?.handler,
    release: parts[0]?.release ?? '',
    count: sum((stats) => stats.count),
    errors: sum((stats) => stats.errors),
    timed: sum((stats) => stats.timed),
    firstSeen: Math.min(...all.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...all.map(({ lastSeen }) => lastSeen)),
    samples,
    buckets: parts.map(({ stats, start, end }) => ({ start, end, timed: stats.timed, samples: stats.samples })),
    slowest: all
      .flatMap(({ slowest }) => slowest)
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, MAX_SLOWEST),
    calls: mixedCalls(all.flatMap(({ calls }) => calls)),
    quantile: quantileOf(all, samples),
  };
}

/** Failed calls first, then those that carry input: what tests can be made from. */
function mixedCalls(calls: readonly RecordedCall[]): RecordedCall[] {
  const worth = ({ outcome, input, request }: RecordedCall): number =>
    (outcome === 'error' ? 2 : 0) + (input !== undefined || request !== undefined ? 1 : 0);
  return [...calls].sort((a, b) => worth(b) - worth(a)).slice(0, MAX_CALLS);
}

function quantileOf(all: readonly OperationStats[], samples: readonly Sample[]): (q: number) => number {
  const bySketch = mergeSketches(all.flatMap(({ sketch }) => (sketch === undefined ? [] : [sketch])));
  if (bySketch !== undefined) return bySketch;
  const sorted = samples.map(([, ms]) => ms).sort((a, b) => a - b);
  return (q) => (sorted.length === 0 ? 0 : quantileSorted(sorted, q));
}
