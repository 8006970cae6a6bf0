import { SLOW_ROWS } from './level-evidence.ts';

/** Mean value per half hour of the day and of the week, and how far values usually are from it. JSON-safe. */
export interface SeasonalState {
  rows: number;
  /** The 7 * 48 half hours of the week, then the 48 of the day, in UTC. */
  means: number[];
  /** How much time, in half hours, each mean has seen. */
  seen: number[];
  deviation: number;
  shortRun: number;
  longRun: number;
  previousMs: number;
}

const SLOT_MS = 30 * 60_000;
const DAY_SLOTS = 48;
const WEEK_SLOTS = 7 * DAY_SLOTS;
/** A mean counts once it has seen the same half hour twice. */
const ENOUGH_SEEN = 2;
/** This and the runs (rows) were chosen on public series (see the head of series-scorer.ts). */
const LEARNING_RATE = 0.15;
const SHORT_RUN = 6;
const LONG_RUN = 24;

export const SEASONAL_STATISTICS = [
  'value differs from this time of day or week',
  'a short run differs from this time of day or week',
  'a long run differs from this time of day or week',
];

export function newSeasonalState(timeMs: number): SeasonalState {
  const slots = WEEK_SLOTS + DAY_SLOTS;
  return {
    rows: 0,
    means: new Array<number>(slots).fill(0),
    seen: new Array<number>(slots).fill(0),
    deviation: 0,
    shortRun: 0,
    longRun: 0,
    previousMs: timeMs,
  };
}

/** What this time of the week, else of the day, was like before; undefined until it has been seen twice. */
export function seasonalExpectation({ means, seen }: SeasonalState, timeMs: number): number | undefined {
  const [week, day] = slotsOf(timeMs);
  if ((seen[week] ?? 0) >= ENOUGH_SEEN) return means[week];
  return (seen[day] ?? 0) >= ENOUGH_SEEN ? means[day] : undefined;
}

/**
 * Evidence from the distance to what this time of the week or day was like before, for the row and for runs of rows; NaN (no say) until known.
 * Then the state learns the value. Source: seasonal exponential smoothing (Winters, Management Science 1960), one mean per half hour.
 */
export function seasonalEvidence(state: SeasonalState, timeMs: number, value: number, into: number[]): void {
  state.rows++;
  const expected = seasonalExpectation(state, timeMs);
  if (expected === undefined) {
    into.push(Number.NaN, Number.NaN, Number.NaN);
  } else {
    const distance = value - expected;
    state.shortRun += (distance - state.shortRun) / SHORT_RUN;
    state.longRun += (distance - state.longRun) / LONG_RUN;
    state.deviation += Math.max(1 / state.rows, 1 / SLOW_ROWS) * (Math.abs(distance) - state.deviation);
    const usual = state.deviation + 1e-9;
    into.push(Math.abs(distance) / usual, Math.abs(state.shortRun) / usual, Math.abs(state.longRun) / usual);
  }
  const passed = Math.max(0, timeMs - state.previousMs) / SLOT_MS;
  for (const slot of slotsOf(timeMs)) {
    const seen = state.seen[slot] ?? 0;
    const mean = seen === 0 ? value : (state.means[slot] ?? value);
    state.means[slot] = mean + Math.max(1 / (seen + 1), LEARNING_RATE) * (value - mean);
    state.seen[slot] = seen + passed;
  }
  state.previousMs = timeMs;
}

function slotsOf(timeMs: number): [week: number, day: number] {
  const halfHour = Math.floor(timeMs / SLOT_MS);
  return [modulo(halfHour, WEEK_SLOTS), WEEK_SLOTS + modulo(halfHour, DAY_SLOTS)];
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
