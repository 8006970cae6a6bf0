import { rateChange } from './bayes-factor.ts';
import type { Invocation } from './invocation.ts';
import { isoTime } from './invocation.ts';

/** A place where time is spent: inside one operation of a service (`callee` absent), or on the way from a service to an operation of another. */
export interface SlowPlace {
  readonly service: string;
  readonly operation: string;
  readonly callee?: string;
  /** Log Bayes factor that it is slow more often than before; negative where there is evidence that it is not. */
  readonly weight: number;
  readonly baseMs: number;
  readonly seenMs: number;
  readonly calls: number;
  readonly baseCalls: number;
  readonly slowCalls: number;
  readonly limitMs: number;
  readonly examples: readonly string[];
}

/**
 * Own time (without calls to others) of each operation, and time between caller's and callee's spans of each pair of services, against the baseline.
 * A call is slow beyond the baseline's 95th percentile with a margin; the shares of slow calls are compared by a Bayes factor, so one stray call tells nothing.
 * Own time instead of total time keeps callers from being blamed for their callees (MicroHECL, Liu et al., ICSE-SEIP 2021; MicroRank, Yu et al., WWW 2021).
 */
export function slowPlaces(baseline: readonly Invocation[], current: readonly Invocation[]): SlowPlace[] {
  const before = timesByPlace(baseline);
  const between = [...before.values()].filter(({ callee }) => callee !== undefined);
  return [...timesByPlace(current)].flatMap(([key, now]) => {
    const base = before.get(key);
    if (base !== undefined && base.times.length >= KNOWN) return [comparePlace(base.times, now)];
    const like = now.callee === undefined ? [] : similarTimes(between, now);
    return like.length < KNOWN ? [] : [comparePlace(like, now)];
  });
}

interface PlaceTimes {
  readonly service: string;
  readonly operation: string;
  readonly callee?: string;
  readonly times: { ms: number; invocation: Invocation }[];
}

const KNOWN = 3;
/** Jitter of clocks and schedulers that is never called slow. */
const JITTER_MS = 30;

function timesByPlace(invocations: readonly Invocation[]): Map<string, PlaceTimes> {
  const places = new Map<string, PlaceTimes>();
  const add = (place: Omit<PlaceTimes, 'times'>, ms: number, invocation: Invocation): void => {
    const key = `${place.service}\n${place.operation}\n${place.callee ?? ''}`;
    const known = places.get(key) ?? { ...place, times: [] };
    places.set(key, known);
    known.times.push({ ms, invocation });
  };
  for (const invocation of invocations) {
    add({ service: invocation.service, operation: invocation.operation }, invocation.ownMs, invocation);
    for (const { callee, gapMs } of invocation.calls) {
      if (gapMs !== undefined) add({ service: invocation.service, operation: callee.operation, callee: callee.service }, gapMs, callee);
    }
  }
  return places;
}

/** For a way that the baseline does not know: the times to the same callee, else from the same caller, else between any two services. */
function similarTimes(between: readonly PlaceTimes[], { service, callee }: PlaceTimes): PlaceTimes['times'] {
  const groups = [between.filter((place) => place.callee === callee), between.filter((place) => place.service === service), between];
  return groups.map((places) => places.flatMap(({ times }) => times)).find((times) => times.length >= KNOWN) ?? [];
}

function comparePlace(baseTimes: PlaceTimes['times'], now: PlaceTimes): SlowPlace {
  const usual = baseTimes.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = quantile(usual, 0.5);
  const limitMs = Math.max(quantile(usual, 0.95) * 1.2, median * 2) + JITTER_MS;
  const slow = now.times.filter(({ ms }) => ms > limitMs).sort((a, b) => b.ms - a.ms);
  const weight = rateChange(usual.filter((ms) => ms > limitMs).length, usual.length, slow.length, now.times.length);
  const share = slow.length / now.times.length;
  return {
    service: now.service,
    operation: now.operation,
    ...(now.callee === undefined ? {} : { callee: now.callee }),
    // Tails drift from minute to minute; a fault moves at least half of the calls.
    weight: weight > 0 && share > 0.1 ? weight * Math.min(1, 2 * share) : Math.min(weight, 0),
    baseMs: median,
    seenMs: quantile(
      now.times.map(({ ms }) => ms).sort((a, b) => a - b),
      0.5,
    ),
    calls: now.times.length,
    baseCalls: usual.length,
    slowCalls: slow.length,
    limitMs,
    examples: slow
      .slice(0, 3)
      .map(({ ms, invocation }) => `${ms.toFixed(1)} ms in trace ${invocation.entry.traceId} at ${isoTime(invocation.entry.startMs)}`),
  };
}

/** Linear interpolation between order statistics; NaN for an empty list. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
