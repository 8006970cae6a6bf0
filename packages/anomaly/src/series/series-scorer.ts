import { type AlarmGate, isReported, newAlarmGate } from './alarm-gate.ts';
import { type CalendarMemory, newCalendarMemory, outsideCalendar, rememberInCalendar, usualEvidence } from './calendar-memory.ts';
import { CONTEXT_STATISTICS, type ContextState, contextEvidence, newContextState } from './context-evidence.ts';
import { DISTRIBUTION_STATISTICS, type DistributionState, distributionEvidence, newDistributionState } from './distribution-evidence.ts';
import { LEVEL_STATISTICS, type LevelState, levelEvidence, newLevelState } from './level-evidence.ts';
import { newSeasonalState, SEASONAL_STATISTICS, type SeasonalState, seasonalEvidence, seasonalExpectation } from './seasonal-evidence.ts';
import { assumeExponential, newTailModel, surprise, type TailModel } from './tail-model.ts';

/*
 * Where the constants of this folder come from. The sources cited with each function give its form; most numbers were chosen by the score on
 * the public half of the Numenta Anomaly Benchmark, one set for all series. Changed by a quarter up or down, one at a time, that score (73.7,
 * standard profile, fixed threshold) stays between 72.6 and 75.3; the spans of the level evidence (71.3 and 70.8) and a longer quiet time of
 * the gate (70.9) are the exceptions. On series not seen, 70 to 72 is to be expected. `npm run bench -- nab` measures it.
 */

/** What a row of a series looks like after all rows before it. */
export interface SeriesScore {
  /** 0..1; an alarm from `ALARM_SCORE` on. 0 where the row belongs to a burst that was already reported. */
  readonly score: number;
  /** Value expected, and the range that three mean deviations give. */
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  /** What speaks most for an anomaly; empty where nothing does. */
  readonly reason: string;
}

/** Everything a scorer knows, JSON-safe: `createSeriesScorer({ state })` goes on where it was. */
export interface SeriesScorerState {
  readonly version: 1;
  rows: number;
  deviation: number;
  level: LevelState;
  seasonal: SeasonalState;
  distribution: DistributionState;
  context: ContextState;
  calendar: CalendarMemory;
  tails: TailModel[];
  total: TailModel;
  gate: AlarmGate;
}

export interface SeriesScorer {
  /** Scores a row, then learns it. Time in milliseconds since the epoch; a value that is no number scores 0 and is not learnt. */
  push(timeMs: number, value: number): SeriesScore;
  toState(): SeriesScorerState | undefined;
}

/** The one threshold: fixed, for every series. */
export const ALARM_SCORE = 0.5;

const STATISTICS = [...LEVEL_STATISTICS, ...SEASONAL_STATISTICS, ...DISTRIBUTION_STATISTICS, ...CONTEXT_STATISTICS];
/** Below this many rows no spread is known, so nothing is learnt of the statistics. */
const FIRST_ROWS = 30;
/** Nothing is judged until the longest span of the statistics is filled. */
const YOUNG_ROWS = 100;
/** An alarm is evidence that at most one row in fifty gives, ... */
const ALARM_SURPRISE = -Math.log10(1 / 50);
/** ... where the history has this many rows (five days of five-minute rows), ... */
const BUDGET_ROWS = 1500;
/** ... and less often with the square root of a longer history. */
const BUDGET_GROWTH = 0.5;
/** Half of the evidence that this time of the day or week usually gives is taken off. */
const USUAL_SHARE = 0.5;
/**
 * Evidence assumed before a series is known, on the cautious side: its tail (3 %) starts at 21, that of an ordinary series at about 13.
 * Chosen on public series, as are the four above.
 */
const PRIOR_EVIDENCE = 6;
const PRIOR_ROWS = 200;
const BAND = 3;
/** Squares of values up to this are still finite. */
const LARGEST_VALUE = 1e150;

/**
 * Online anomaly score of one series, causal (a score uses no later row), deterministic, in bounded memory.
 *
 * Many weak statistics each become a surprise (-log10 of a tail probability after its own history: `surprise`); their sum, as in Fisher's
 * method (1925), is again judged after its own history, for they depend on each other. So no statistic needs a threshold of its own and the
 * alarm rate is the same for calm and wild series: the anomaly likelihood of Ahmad et al. (Neurocomputing 2017) with an extreme value tail.
 */
export function createSeriesScorer(options: { readonly state?: SeriesScorerState } = {}): SeriesScorer {
  let state = options.state === undefined ? undefined : structuredClone(options.state);
  return {
    push(timeMs, value) {
      if (!Number.isFinite(value) || !Number.isFinite(timeMs)) {
        const expected = state?.level.spans[1]?.mean ?? 0;
        return { score: 0, expected, lower: expected, upper: expected, reason: 'no number' };
      }
      const bounded = Math.max(-LARGEST_VALUE, Math.min(LARGEST_VALUE, value));
      state ??= newState(timeMs, bounded);
      return scoreRow(state, timeMs, bounded);
    },
    toState: () => structuredClone(state),
  };
}

function newState(timeMs: number, value: number): SeriesScorerState {
  const total = newTailModel();
  assumeExponential(total, PRIOR_EVIDENCE, PRIOR_ROWS);
  return {
    version: 1,
    rows: 0,
    deviation: 0,
    level: newLevelState(value),
    seasonal: newSeasonalState(timeMs),
    distribution: newDistributionState(),
    context: newContextState(),
    calendar: newCalendarMemory(),
    tails: STATISTICS.map(newTailModel),
    total,
    gate: newAlarmGate(),
  };
}

function scoreRow(state: SeriesScorerState, timeMs: number, value: number): SeriesScore {
  state.rows++;
  const expected = seasonalExpectation(state.seasonal, timeMs) ?? state.level.spans[1]?.mean ?? value;
  const reach = BAND * state.deviation;
  state.deviation += (Math.abs(value - expected) - state.deviation) / Math.min(state.rows, BUDGET_ROWS);

  const { sum, strongest } = sumOfSurprises(state.tails, statisticsOf(state, timeMs, value), state.rows > FIRST_ROWS);
  const news = Math.max(0, sum - USUAL_SHARE * usualEvidence(state.calendar, timeMs));
  rememberInCalendar(state.calendar, timeMs, value, sum);
  const unlikely = surprise(state.total, news) + budget(state.rows);
  const judged = state.rows > YOUNG_ROWS && !isReported(state.gate, unlikely, ALARM_SURPRISE);
  return {
    score: judged ? toScore(unlikely) : 0,
    expected,
    lower: expected - reach,
    upper: expected + reach,
    reason: strongest < 0 ? '' : (STATISTICS[strongest] ?? ''),
  };
}

function statisticsOf(state: SeriesScorerState, timeMs: number, value: number): number[] {
  const statistics: number[] = [];
  const outside = outsideCalendar(state.calendar, timeMs, value);
  const { z, spanZ } = levelEvidence(state.level, value, outside, statistics);
  seasonalEvidence(state.seasonal, timeMs, value, statistics);
  distributionEvidence(state.distribution, z, statistics);
  contextEvidence(state.context, z, spanZ, statistics);
  return statistics;
}

function sumOfSurprises(tails: readonly TailModel[], statistics: readonly number[], known: boolean): { sum: number; strongest: number } {
  let sum = 0;
  let strongest = -1;
  let most = 0;
  for (let index = 0; index < tails.length; index++) {
    const tail = tails[index];
    const statistic = statistics[index] ?? Number.NaN;
    if (tail === undefined || Number.isNaN(statistic)) continue;
    const one = surprise(tail, known ? statistic : 0);
    sum += one;
    if (one > most) {
      most = one;
      strongest = index;
    }
  }
  return { sum, strongest };
}

/**
 * The longer the history, the less likely a row must be: with every row judged, alarms would else grow with the rows. A square root between a
 * fixed rate and a fixed number of alarms, in the manner of alpha spending (Javanmard and Montanari, Annals of Statistics 2018).
 */
function budget(rows: number): number {
  return BUDGET_GROWTH * Math.log10(BUDGET_ROWS / Math.min(rows, 20_000));
}

/** 0.5 at the alarm surprise, nearing 1 by halves. */
function toScore(unlikely: number): number {
  return 1 - 2 ** (-Math.max(0, unlikely) / ALARM_SURPRISE);
}
