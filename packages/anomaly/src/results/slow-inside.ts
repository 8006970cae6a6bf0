import type { Anomaly, PerformanceDetails, TelemetrySnapshot } from '@selfheal/contracts';

type Slow = Anomaly & { readonly details: PerformanceDetails };

/** An outer operation may gain this much more than its inner ones and still owe its slowness to them. */
const EXPLAINED = 1.5;
const TOLERANCE_MS = 5;
/** Without ids that join a call to its inner calls: so many of the slowest must lie one within the other. */
const LEAST_MATCHES = 2;
const CLOCK_MS = 2;

export function isSlow(anomaly: Anomaly): anomaly is Slow {
  return anomaly.details.type === 'performance';
}

/** The slow operation inside `outer` that explains its slowness; undefined where `outer` is slow on its own account. */
export function slowInside(outer: Slow, all: readonly Slow[], { nesting }: TelemetrySnapshot): Slow | undefined {
  return all.find((inner) => {
    if (inner === outer) return false;
    const times = callsInside(outer, inner, nesting);
    const gained = outer.details.seenMs - outer.details.expectedMs;
    return times > 0 && gained <= (inner.details.seenMs - inner.details.expectedMs) * times * EXPLAINED + TOLERANCE_MS;
  });
}

/** How many calls of `inner` run within one call of `outer`; 0 where none does. */
function callsInside({ details: outer }: Slow, { details: inner }: Slow, nesting: TelemetrySnapshot['nesting']): number {
  const known = nesting?.find((pair) => pair.outer === outer.operation && pair.inner === inner.operation);
  if (known !== undefined) return Math.max(1, known.innerMs / Math.max(inner.p50, 0.01));
  if (nesting?.some((pair) => pair.outer === outer.operation) === true) return 0;
  const matches = outer.slowest.filter((long) => inner.slowest.some((short) => isWithin(short, long)));
  return matches.length >= LEAST_MATCHES ? 1 : 0;
}

interface TimedLine {
  readonly time: number;
  readonly durationMs: number;
}

/** Both lines are written at the end of what they tell of. */
function isWithin(short: TimedLine, long: TimedLine): boolean {
  if (short.durationMs > long.durationMs) return false;
  return short.time <= long.time + CLOCK_MS && short.time - short.durationMs >= long.time - long.durationMs - CLOCK_MS;
}
