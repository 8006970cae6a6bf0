import { DDSketch } from '@datadog/sketches-js';
import type { ErrorStats, OperationStats, TelemetrySlice, TelemetrySnapshot } from '@selfheal/contracts';

/** One call as a test describes it. Times epoch ms. */
export interface Call {
  readonly operation: string;
  readonly at: number;
  readonly ms?: number;
  readonly release?: string;
  readonly kind?: OperationStats['kind'];
  readonly failed?: boolean;
  readonly errors?: readonly ErrorStats[];
}

export const START = Date.UTC(2026, 2, 2, 10);
const SAMPLE_LIMIT = 256;

/** A snapshot made from single calls the way the telemetry package aggregates them, and from whatever else a test gives. */
export function snapshotOf(calls: readonly Call[], { bucketMs = 60_000, errors = [], ...rest }: SnapshotParts = {}): TelemetrySnapshot {
  const slices = slicesOf(calls, bucketMs);
  const withErrors = errors.reduce((all, { release, error }) => addError(all, release, error, bucketMs), slices);
  const releases = releasesOf(withErrors);
  const from = Math.min(START, ...releases.map(({ firstSeen }) => firstSeen));
  const now = Math.max(START, ...releases.map(({ lastSeen }) => lastSeen)) + 1;
  return {
    projectId: 'shop',
    now,
    window: { from, to: now },
    releases,
    slices: withErrors,
    flows: [],
    budgets: {},
    baselines: [],
    declaredFlows: [],
    learnedFlows: [],
    codeOperations: [],
    thresholds: {},
    policy: { coverage: 'find' },
    ...rest,
  };
}

export type SnapshotParts = Partial<TelemetrySnapshot> & {
  bucketMs?: number;
  errors?: readonly { release: string; error: ErrorStats }[];
};

function slicesOf(calls: readonly Call[], bucketMs: number): TelemetrySlice[] {
  const groups = Map.groupBy(calls, ({ release = '', at }) => `${release}\n${Math.floor(at / bucketMs)}`);
  return [...groups.values()].map((group) => {
    const times = group.map(({ at }) => at);
    const operations = Map.groupBy(group, ({ operation }) => operation);
    return {
      release: group[0]?.release ?? '',
      bucketStart: Math.floor((times[0] ?? 0) / bucketMs) * bucketMs,
      bucketMs,
      events: group.length,
      from: Math.min(...times),
      to: Math.max(...times),
      operations: [...operations.values()].map(statsOf),
      errors: [],
      templates: [],
    };
  });
}

export function statsOf(calls: readonly Call[]): OperationStats {
  const timed = calls.flatMap((call) => (call.ms === undefined ? [] : [{ ...call, ms: call.ms }]));
  const sketch = new DDSketch({ relativeAccuracy: 0.01 });
  for (const { ms } of timed) sketch.accept(ms);
  const times = calls.map(({ at }) => at);
  return {
    operation: calls[0]?.operation ?? '',
    kind: calls[0]?.kind ?? 'handler',
    count: calls.length,
    errors: calls.filter(({ failed }) => failed).length,
    timed: timed.length,
    sumMs: timed.reduce((sum, { ms }) => sum + ms, 0),
    ...(timed.length === 0 ? {} : { sketch: Buffer.from(sketch.toProto()).toString('base64') }),
    samples: timed
      .map(({ at, ms }): [number, number] => [hash(at * 1e3 + ms), ms])
      .sort((a, b) => a[0] - b[0])
      .slice(0, SAMPLE_LIMIT),
    firstSeen: Math.min(...times),
    lastSeen: Math.max(...times),
    slowest: [...timed]
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 5)
      .map(({ operation, at, ms }) => ({ ...line(at, `${operation} ${ms}`), durationMs: ms })),
    calls: [],
  };
}

export function line(time: number, text: string): { eventId: string; source: string; line: number; time: number; text: string } {
  return { eventId: `app.log:${time}`, source: 'app.log', line: 1, time, text };
}

function addError(slices: readonly TelemetrySlice[], release: string, error: ErrorStats, bucketMs: number): TelemetrySlice[] {
  const bucketStart = Math.floor(error.lastSeen / bucketMs) * bucketMs;
  const slice: TelemetrySlice = {
    release,
    bucketStart,
    bucketMs,
    events: error.count,
    from: error.firstSeen,
    to: error.lastSeen,
    operations: [],
    errors: [error],
    templates: [],
  };
  return [...slices, slice];
}

function releasesOf(slices: readonly TelemetrySlice[]): TelemetrySnapshot['releases'] {
  return [...Map.groupBy(slices, ({ release }) => release).entries()]
    .map(([name, group]) => ({
      name,
      firstSeen: Math.min(...group.map(({ from }) => from)),
      lastSeen: Math.max(...group.map(({ to }) => to)),
      events: group.reduce((sum, { events }) => sum + events, 0),
    }))
    .sort((a, b) => a.firstSeen - b.firstSeen);
}

/** A hash that orders events as if by chance. */
function hash(value: number): number {
  let bits = Math.imul(Math.floor(value) ^ Math.floor(value / 4294967296) ^ Math.floor((value % 1) * 1e9), 0x9e3779b1) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b) >>> 0;
  return (bits ^ (bits >>> 13)) >>> 0;
}
