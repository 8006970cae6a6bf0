import { describe, expect, it } from 'vitest';
import { ALARM_SCORE, createSeriesScorer, type SeriesScore } from './series-scorer.ts';

const START = Date.UTC(2024, 0, 1);
const MINUTES = 60_000;
const DAY_ROWS = 288;

/** Repeatable noise in -1..1 (a linear congruential generator). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Two weeks of five-minute rows with a daily wave; `change` alters single rows. */
function daily(change: (row: number, usual: number) => number, rows = 14 * DAY_ROWS): number[] {
  const random = noise(7);
  return Array.from({ length: rows }, (_, row) => change(row, 100 + 30 * Math.sin((2 * Math.PI * row) / DAY_ROWS) + 3 * random()));
}

function score(values: readonly number[], scorer = createSeriesScorer(), from = 0): SeriesScore[] {
  return values.map((value, row) => scorer.push(START + (from + row) * 5 * MINUTES, value));
}

function alarms(scores: readonly SeriesScore[]): number[] {
  return scores.flatMap(({ score: one }, row) => (one >= ALARM_SCORE ? [row] : []));
}

describe('createSeriesScorer', () => {
  it('alarms at the first row of a spike, and says what it saw and what it expected', () => {
    const scores = score(daily((row, usual) => (row === 3000 ? usual * 3 : usual)));
    expect(alarms(scores)).toContain(3000);
    const seen = scores[3000];
    expect(seen?.reason).not.toBe('');
    expect(seen?.upper).toBeLessThan(300);
    expect(Math.abs((seen?.expected ?? 0) - (100 + 30 * Math.sin((2 * Math.PI * 3000) / DAY_ROWS)))).toBeLessThan(10);
  });

  it.each([
    ['a level shift', (row: number, usual: number) => (row >= 3000 ? usual + 60 : usual)],
    ['a day that stays flat', (row: number, usual: number) => (row >= 10 * DAY_ROWS && row < 11 * DAY_ROWS ? 100 : usual)],
    ['an outage', (row: number, usual: number) => (row >= 3000 && row < 3040 ? 0 : usual)],
    ['more noise', (row: number, usual: number) => (row >= 3000 ? usual + 25 * Math.sin(row * 2.1) : usual)],
  ])('finds %s within half a day', (_, change) => {
    const found = alarms(score(daily(change))).filter((row) => row >= 10 * DAY_ROWS && row < 3000 + DAY_ROWS / 2);
    expect(found.length).toBeGreaterThan(0);
  });

  it('never alarms for a constant, at most rarely for noise and a plain daily wave', () => {
    expect(alarms(score(new Array<number>(4000).fill(5)))).toEqual([]);
    expect(alarms(score(daily((_, usual) => usual))).filter((row) => row > 600).length).toBeLessThanOrEqual(4);
  });

  it('does not call a spike at the same time every day news for ever', () => {
    const nightly = score(daily((row, usual) => (row % DAY_ROWS === 36 ? usual + 100 : usual), 28 * DAY_ROWS));
    expect(alarms(nightly).filter((row) => row > 14 * DAY_ROWS).length).toBeLessThanOrEqual(3);
  });

  it('scores the same after its state went through JSON', () => {
    const values = daily((row, usual) => (row === 3000 ? usual * 3 : usual));
    const scorer = createSeriesScorer();
    const head = score(values.slice(0, 2000), scorer);
    const state = scorer.toState();
    expect(state).toBeDefined();
    const tail = score(values.slice(2000), createSeriesScorer({ state: JSON.parse(JSON.stringify(state)) }), 2000);
    expect([...head, ...tail]).toEqual(score(values));
  });

  it('uses no later row', () => {
    const values = daily((_, usual) => usual);
    expect(score(values.slice(0, 1000))).toEqual(score(values).slice(0, 1000));
  });

  it('does not depend on the unit of the values', () => {
    const values = daily((row, usual) => (row === 3000 ? usual * 3 : usual));
    expect(alarms(score(values.map((value) => value * 1024)))).toEqual(alarms(score(values)));
  });

  it('scores what is no number 0 and does not learn it', () => {
    const scorer = createSeriesScorer();
    expect(scorer.push(START, Number.NaN)).toMatchObject({ score: 0, reason: 'no number' });
    score([1, 2, 3], scorer);
    const before = scorer.toState();
    scorer.push(START, Number.POSITIVE_INFINITY);
    expect(scorer.toState()).toEqual(before);
  });

  it('stays finite, and its state JSON-safe, whatever the values and times', () => {
    const scorer = createSeriesScorer();
    const values = [0, 1e308, -1e308, 5e-324, -0, 1e-300, 1, 1e150];
    for (let row = 0; row < 2000; row++) {
      const time = START + (row % 7 === 3 ? -1e12 : row * 5 * MINUTES);
      const { score: one, expected, lower, upper } = scorer.push(time, row < 500 ? 0 : (values[row % values.length] ?? 0));
      expect([one, expected, lower, upper].every(Number.isFinite)).toBe(true);
    }
    const state = scorer.toState();
    expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(structuredClone(state))));
    expect(JSON.stringify(state)).not.toContain('null,');
  });
});
