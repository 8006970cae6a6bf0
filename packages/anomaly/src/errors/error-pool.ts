import type { ErrorStats, TelemetrySlice } from '@selfheal/contracts';

/** One error of one release over the whole window. */
export interface ErrorPool {
  readonly release: string;
  readonly stats: ErrorStats;
  /** Occurrences by slice, oldest first. */
  readonly times: readonly { readonly start: number; readonly count: number }[];
}

const MAX_EXAMPLES = 5;
const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Pools the errors of all slices by release and fingerprint. */
export function poolErrors(slices: readonly TelemetrySlice[]): ErrorPool[] {
  const entries = slices.flatMap(({ release, bucketStart, errors }) => errors.map((stats) => ({ release, start: bucketStart, stats })));
  const groups = Map.groupBy(entries, ({ release, stats }) => `${release}\n${stats.fingerprint}`);
  return [...groups.values()].flatMap((group) => {
    const sorted = group.sort((a, b) => a.start - b.start);
    const [first] = sorted;
    if (first === undefined) return [];
    const stats = joinErrors(sorted.map((entry) => entry.stats));
    return stats === undefined
      ? []
      : [{ release: first.release, stats, times: sorted.map(({ start, stats: { count } }) => ({ start, count })) }];
  });
}

/** Occurrences of one cause as one: counts added, examples spread over its parts, names and frames of the first part. */
export function joinErrors(parts: readonly ErrorStats[]): ErrorStats | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const operations: Record<string, number> = {};
  for (const part of parts) for (const [name, count] of Object.entries(part.operations)) operations[name] = (operations[name] ?? 0) + count;
  const most = Math.max(...parts.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return {
    ...first,
    severity: SEVERITIES[most] ?? first.severity,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    operations,
    firstSeen: Math.min(...parts.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...parts.map(({ lastSeen }) => lastSeen)),
    frames: parts.find(({ frames }) => frames.some(({ inApp }) => inApp))?.frames ?? first.frames,
    examples: spread(parts.map(({ examples }) => examples)).slice(0, MAX_EXAMPLES),
  };
}

/** First of each, then second of each. */
function spread<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, nth) => lists.flatMap((list) => list.slice(nth, nth + 1))).flat();
}
