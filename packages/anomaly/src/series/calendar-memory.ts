/** Extent of the values and the most evidence in each half hour of the last two weeks. JSON-safe; a ring by absolute half hour. */
export interface CalendarMemory {
  halfHour: number[];
  lowest: number[];
  highest: number[];
  evidence: number[];
}

const SLOT_MS = 30 * 60_000;
const SLOTS = 14 * 48;
/** Yesterday, the day before, a week ago; in slots. */
const LAGS = [48, 96, 7 * 48];

export function newCalendarMemory(): CalendarMemory {
  const empty = (value: number): number[] => new Array<number>(SLOTS).fill(value);
  return { halfHour: empty(-1), lowest: empty(0), highest: empty(0), evidence: empty(0) };
}

/**
 * How far a value lies outside what was seen at this time (half an hour to either side) yesterday, the day before or a week ago; infinite
 * where nothing was. A nightly job is no news. The idea: seasonal envelopes, as in Holt-Winters bands (Brutlag, LISA 2000), but of extremes.
 */
export function outsideCalendar(memory: CalendarMemory, timeMs: number, value: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  forSameTimes(memory, timeMs, (slot) => {
    lowest = Math.min(lowest, memory.lowest[slot] ?? value);
    highest = Math.max(highest, memory.highest[slot] ?? value);
  });
  if (highest < lowest) return Number.POSITIVE_INFINITY;
  return Math.max(0, value - highest, lowest - value);
}

/** The most evidence there was at this time on the days looked back at; 0 where nothing was seen. */
export function usualEvidence(memory: CalendarMemory, timeMs: number): number {
  let most = 0;
  forSameTimes(memory, timeMs, (slot) => {
    most = Math.max(most, memory.evidence[slot] ?? 0);
  });
  return most;
}

export function rememberInCalendar(memory: CalendarMemory, timeMs: number, value: number, evidence: number): void {
  const halfHour = Math.floor(timeMs / SLOT_MS);
  const slot = slotOf(halfHour);
  if (memory.halfHour[slot] !== halfHour) {
    memory.halfHour[slot] = halfHour;
    memory.lowest[slot] = value;
    memory.highest[slot] = value;
    memory.evidence[slot] = evidence;
    return;
  }
  memory.lowest[slot] = Math.min(memory.lowest[slot] ?? value, value);
  memory.highest[slot] = Math.max(memory.highest[slot] ?? value, value);
  memory.evidence[slot] = Math.max(memory.evidence[slot] ?? 0, evidence);
}

function forSameTimes(memory: CalendarMemory, timeMs: number, visit: (slot: number) => void): void {
  const now = Math.floor(timeMs / SLOT_MS);
  for (const lag of LAGS) {
    for (let around = -1; around <= 1; around++) {
      const halfHour = now - lag + around;
      const slot = slotOf(halfHour);
      if (memory.halfHour[slot] === halfHour) visit(slot);
    }
  }
}

function slotOf(halfHour: number): number {
  return ((halfHour % SLOTS) + SLOTS) % SLOTS;
}
