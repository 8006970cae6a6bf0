import { describe, expect, it } from 'vitest';
import { type ScoredSeries, scoreAt, scoreAtBest } from './score.ts';

const STANDARD = { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 };
const LOW_FALSE_NEGATIVES = { ...STANDARD, fnWeight: 2 };
const WINDOWS = [
  { first: 40, last: 49 },
  { first: 80, last: 84 },
];

function series(alarms: Readonly<Record<number, number>>, rows = 100): ScoredSeries {
  return { name: 'series', windows: WINDOWS, scores: Array.from({ length: rows }, (_, row) => alarms[row] ?? 0) };
}

describe('scoreAt', () => {
  it('gives 0 to a detector that never alarms, under every profile', () => {
    expect(scoreAt([series({})], STANDARD, 0.5)).toMatchObject({ raw: -2, normalised: 0, found: 0, falseAlarms: 0 });
    expect(scoreAt([series({})], LOW_FALSE_NEGATIVES, 0.5)).toMatchObject({ raw: -4, normalised: 0 });
  });

  it('gives 100 to one that alarms at the first row of every window and nowhere else', () => {
    expect(scoreAt([series({ 40: 1, 80: 1 })], STANDARD, 0.5)).toMatchObject({ raw: 2, normalised: 100, found: 2 });
    expect(scoreAt([series({ 40: 1, 80: 1 })], LOW_FALSE_NEGATIVES, 0.5).normalised).toBe(100);
  });

  it('counts the earliest alarm of a window once and every false alarm', () => {
    const { raw, found, falseAlarms } = scoreAt([series({ 20: 1, 21: 1, 40: 1, 45: 1, 49: 1 })], STANDARD, 0.5);
    expect(raw).toBeCloseTo(1 - 1 - 2 * 0.11, 12);
    expect({ found, falseAlarms }).toEqual({ found: 1, falseAlarms: 2 });
  });

  it('does not count alarms of the probationary rows', () => {
    expect(scoreAt([series({ 0: 1, 14: 1 })], STANDARD, 0.5).raw).toBe(-2);
    expect(scoreAt([series({ 15: 1 })], STANDARD, 0.5).raw).toBeCloseTo(-2.11, 12);
  });

  it('takes a score at the threshold as an alarm', () => {
    expect(scoreAt([series({ 40: 0.5 })], STANDARD, 0.5).found).toBe(1);
    expect(scoreAt([series({ 40: 0.49 })], STANDARD, 0.5).found).toBe(0);
  });

  it('keeps windows of different series apart', () => {
    expect(scoreAt([series({ 40: 1 }), series({ 40: 1 })], STANDARD, 0.5)).toMatchObject({ found: 2, windows: 4, raw: 0, normalised: 50 });
  });
});

describe('scoreAtBest', () => {
  it('finds the one threshold over all series that earns most', () => {
    const best = scoreAtBest([series({ 20: 0.3, 40: 0.7 }), series({ 30: 0.2, 80: 0.6 })], STANDARD);
    expect(best.threshold).toBe(0.6);
    expect(best).toMatchObject({ found: 2, falseAlarms: 0, normalised: 50 });
  });

  it('takes rows of equal score together', () => {
    const best = scoreAtBest([series({ 20: 0.7, 40: 0.7 })], STANDARD);
    expect(best.raw).toBeCloseTo(1 - 1 - 0.11, 12);
  });

  it('never alarms where every alarm would cost', () => {
    expect(scoreAtBest([series({ 20: 0.7, ...Object.fromEntries([40, 80].map((row) => [row, 0])) })], STANDARD).raw).toBeGreaterThanOrEqual(
      -2,
    );
  });
});
