import type { RawEvent, TelemetryEvent } from '@selfheal/contracts';

/** By the place of an event among all: its epoch ms, and where that is from. */
export interface EventTimes {
  readonly times: Float64Array;
  readonly from: readonly TelemetryEvent['timeFrom'][];
  /** Stamps that lie more than a second before that of the line above, by source. */
  readonly clockBackwards: number;
}

/** A clock may be corrected by a little; more than this is going backwards. */
const BACKWARDS_MS = 1_000;
/** Keeps lines without a stamp in their order behind the neighbour whose time they take. */
const TICK_MS = 0.001;

/**
 * The time of each event, by its place in `events` (log order, source by source): its own stamp, else that of the nearest
 * stamped line of the same source before it, else after it, else when the source was read.
 */
export function eventTimes(events: readonly RawEvent[]): EventTimes {
  const times = new Float64Array(events.length);
  const from: TelemetryEvent['timeFrom'][] = [];
  const before = new Map<string, { stamp: number; ticks: number }>();
  const waiting = new Map<string, number[]>();
  let clockBackwards = 0;
  for (const { source, stamp, ingestedAt } of events) {
    const place = from.length;
    const last = before.get(source);
    if (stamp === undefined) {
      if (last !== undefined) last.ticks += 1;
      else listOf(waiting, source).push(place);
      times[place] = last === undefined ? ingestedAt : last.stamp + last.ticks * TICK_MS;
      from.push(last === undefined ? 'ingest' : 'neighbour');
      continue;
    }
    if (last !== undefined && stamp < last.stamp - BACKWARDS_MS) clockBackwards += 1;
    if (last === undefined) {
      for (const earlier of waiting.get(source) ?? []) {
        times[earlier] = stamp;
        from[earlier] = 'neighbour';
      }
      before.set(source, { stamp, ticks: 0 });
    } else {
      last.stamp = stamp;
      last.ticks = 0;
    }
    times[place] = stamp;
    from.push('own');
  }
  return { times, from, clockBackwards };
}

function listOf(lists: Map<string, number[]>, key: string): number[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: number[] = [];
  lists.set(key, list);
  return list;
}
