import { describe, expect, it } from 'vitest';
import { probationRows, sweepRows } from './sweep.ts';

const STANDARD = { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 };
const sigmoid = (x: number): number => 2 / (1 + Math.exp(5 * x)) - 1;

describe('sweepRows', () => {
  it('earns the full weight at the first row of a window and less with every row', () => {
    const worths = sweepRows(20, [{ first: 5, last: 9 }], STANDARD).map(({ worth }) => worth);
    expect(worths[5]).toBe(1);
    expect(worths[7]).toBeCloseTo(sigmoid(-3 / 5) / sigmoid(-1), 12);
    expect(worths[9]).toBeCloseTo(sigmoid(-1 / 5) / sigmoid(-1), 12);
  });

  it('costs the full weight before any window, and behind one more with the distance', () => {
    const worths = sweepRows(40, [{ first: 5, last: 9 }], STANDARD).map(({ worth }) => worth);
    expect(worths[4]).toBe(-0.11);
    expect(worths[10]).toBeCloseTo(0.11 * sigmoid(1 / 4), 12);
    expect(worths[21]).toBeCloseTo(0.11 * sigmoid(3), 12);
    expect(worths[22]).toBe(-0.11);
  });

  it('tells the windows apart', () => {
    const rows = sweepRows(
      12,
      [
        { first: 2, last: 3 },
        { first: 4, last: 6 },
      ],
      STANDARD,
    );
    expect(rows.map(({ window }) => window)).toEqual([-1, -1, 0, 0, 1, 1, 1, -1, -1, -1, -1, -1]);
  });
});

describe('probationRows', () => {
  it('is 15 % of the rows, at most 750', () => {
    expect(probationRows(4032)).toBe(604);
    expect(probationRows(22_695)).toBe(750);
  });
});
