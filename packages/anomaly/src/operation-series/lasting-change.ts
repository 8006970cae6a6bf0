import { mannWhitney } from '@selfheal/statistics';
import { mean } from 'simple-statistics';
import { medianOf } from '../performance/slowdown.ts';
import { ALARM_SCORE, createSeriesScorer } from '../series/series-scorer.ts';
import { observations, rowsPerObservation } from './independent-rows.ts';

/** One measure of one operation over time. */
export interface MeasuredRow {
  readonly start: number;
  readonly value: number;
}

/** A change that the scorer alarmed for and that lasts to the end. */
export interface LastingChange {
  readonly before: readonly MeasuredRow[];
  readonly after: readonly MeasuredRow[];
  readonly expected: number;
  readonly seen: number;
  /** How many times as much, or as little, as expected; infinite where the smaller one is 0. */
  readonly factor: number;
  /** One-sided, corrected for the places where it may have begun, not yet for the number of series. */
  readonly pValue: number;
  /** What the scorer saw most. */
  readonly reason: string;
  readonly score: number;
}

/** Stretches that a change must last. */
const LEAST_AFTER = 6;
/** The last of them must not be back where it was. */
const NEWEST = 3;
const LEAST_BEFORE = 60;
/** The scorer alarms up to this many stretches after a change began, and up to the second number before it is in full. */
const LATE = 24;
const EARLY = 6;
/** Stretches on either side that tell where the levels meet; and, once that is chosen, more of them that tell a step from chance. */
const NEAR = 6;
const STEP = 24;
/** A level within a tenth of what is seen was as high already. */
const ALIKE = 1.1;
const MAX_STRETCH = 48;
/** A step need not be larger than for a change of this factor, however large the change. */
const MARKED = 3;

type Level = ReturnType<typeof levelBy>;

export interface Wanted {
  readonly direction: 'up' | 'down';
  readonly level: 'median' | 'mean';
  /** Levels must be more than this many times apart. */
  readonly ratio: number;
  /** What lies before the change must be this long. */
  readonly leastBeforeMs: number;
}

/**
 * The newest alarm of a series that turns out to be a lasting change: the rank test and the ratio of the medians speak for it, it is a step and
 * no slow course (load over the day), it is not over, and no earlier stretch of that length was like it (a daily peak, a series that wanders).
 * All must agree, so the alarms of the scorer, which are few but not rare enough for a finding, become rare.
 */
export function lastingChange(
  rows: readonly MeasuredRow[],
  { direction, level: kind, ratio, leastBeforeMs }: Wanted,
): LastingChange | undefined {
  if ((rows.at(-1)?.start ?? 0) - (rows[0]?.start ?? 0) < leastBeforeMs) return undefined;
  const alarm = newestAlarm(rows);
  if (alarm === undefined) return undefined;
  const level = levelBy(kind);
  const onset = steepest(rows, alarm.row, level);
  const [before, after] = [rows.slice(0, onset), rows.slice(onset)];
  if (before.length < LEAST_BEFORE || after.length < LEAST_AFTER) return undefined;
  if ((after[0]?.start ?? 0) - (before[0]?.start ?? 0) < leastBeforeMs) return undefined;
  const [expected, seen, newest] = [level(before), level(after), level(after.slice(-NEWEST))];
  if (![seen, newest].every((one) => isBeyond(one, expected, direction, ratio))) return undefined;
  const factor = direction === 'up' ? seen / expected : expected / seen;
  const least = Math.max(Math.sqrt(ratio), 1 + (Math.min(factor, MARKED) - 1) / 2);
  if (!isStep(rows, onset, { direction, level, least })) return undefined;
  if (wasLikeThis(before, after.length, { seen, direction, level })) return undefined;
  const [valuesBefore, valuesAfter] = [before.map(valueOfRow), after.map(valueOfRow)];
  const each = rowsPerObservation(valuesBefore);
  const test = mannWhitney(observations(valuesAfter, each), observations(valuesBefore, each));
  const pValue = Math.min(1, (direction === 'up' ? test.pGreater : test.pLess) * (LATE + EARLY + 1));
  return { before, after, expected, seen, factor, pValue, reason: alarm.reason, score: alarm.score };
}

/** Whether the levels where they meet are `least` times apart, and further than they ever were before: a course that wanders has many steps. */
function isStep(
  rows: readonly MeasuredRow[],
  onset: number,
  { direction, level, least }: { direction: 'up' | 'down'; level: Level; least: number },
): boolean {
  const width = Math.min(STEP, rows.length - onset);
  const [from, to] = [level(rows.slice(Math.max(0, onset - STEP), onset)), level(rows.slice(onset, onset + width))];
  if (!isBeyond(to, from, direction, least)) return false;
  const apart = Math.abs(to - from);
  for (let at = STEP; at + width <= onset; at += Math.ceil(NEAR / 2)) {
    const [earlier, later] = [level(rows.slice(at - STEP, at)), level(rows.slice(at, at + width))];
    if (Math.abs(later - earlier) * ALIKE >= apart) return false;
  }
  return true;
}

/** Where the levels meet, near the alarm: the row at which the few before and the few after are furthest apart. */
function steepest(rows: readonly MeasuredRow[], alarm: number, level: Level): number {
  let best = { row: alarm, apart: -1 };
  for (let row = Math.max(NEAR, alarm - LATE); row <= Math.min(rows.length - NEAR, alarm + EARLY); row++) {
    const apart = Math.abs(level(rows.slice(row, row + NEAR)) - level(rows.slice(row - NEAR, row)));
    if (apart > best.apart) best = { row, apart };
  }
  return best.row;
}

function newestAlarm(rows: readonly MeasuredRow[]): { row: number; reason: string; score: number } | undefined {
  const scorer = createSeriesScorer();
  let newest: { row: number; reason: string; score: number } | undefined;
  for (const [row, { start, value }] of rows.entries()) {
    const { score, reason } = scorer.push(start, value);
    if (score >= ALARM_SCORE) newest = { row, reason, score };
  }
  return newest;
}

function isBeyond(level: number, expected: number, direction: 'up' | 'down', ratio: number): boolean {
  return direction === 'up' ? level > expected * ratio : level * ratio < expected;
}

function wasLikeThis(
  before: readonly MeasuredRow[],
  length: number,
  { seen, direction, level }: { seen: number; direction: 'up' | 'down'; level: Level },
): boolean {
  const width = Math.min(length, MAX_STRETCH);
  for (let at = 0; at + width <= before.length; at += Math.ceil(width / 4)) {
    const then = level(before.slice(at, at + width));
    if (direction === 'up' ? then * ALIKE >= seen : then <= seen * ALIKE) return true;
  }
  return false;
}

/** Counts of a few errors a row have but a few medians: of shares the mean is taken. */
function levelBy(kind: Wanted['level']): (rows: readonly MeasuredRow[]) => number {
  const of = kind === 'mean' ? mean : medianOf;
  return (rows) => of(rows.map(valueOfRow));
}

function valueOfRow({ value }: MeasuredRow): number {
  return value;
}
