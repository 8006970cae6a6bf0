/** First and last row of a labelled anomaly window, both inclusive. */
export interface WindowRows {
  readonly first: number;
  readonly last: number;
}

/** Weights of one application profile, as `config/profiles.json` of the benchmark gives them. */
export interface ProfileWeights {
  readonly tpWeight: number;
  readonly fpWeight: number;
  readonly fnWeight: number;
}

/** What an alarm at one row would earn (in a window, `window` is its index) or cost (outside, `window` is -1). */
export interface RowWorth {
  readonly worth: number;
  readonly window: number;
}

const PROBATION_SHARE = 0.15;
const PROBATION_CAP_ROWS = 5000;
/** Past this many window widths behind a window a false alarm costs its full weight. */
const FAR_BEHIND = 3;

/** Rows at the start of a series that are not scored: 15 %, at most 750. */
export function probationRows(rows: number): number {
  return Math.min(Math.floor(PROBATION_SHARE * rows), PROBATION_SHARE * PROBATION_CAP_ROWS);
}

/**
 * The worth of an alarm at every row: a sigmoid of the position within the window (an alarm at its first row earns `tpWeight`), and behind
 * a window a cost that grows from 0 to `fpWeight` with the distance, relative to that window's width. Before any window: the full cost.
 *
 * Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark" (ICMLA 2015), section II.B,
 * and `nab/sweeper.py` of the benchmark, which decides where the paper is silent (a window of one row, windows that follow each other).
 */
export function sweepRows(rows: number, windows: readonly WindowRows[], weights: ProfileWeights): RowWorth[] {
  const earliest = scaledSigmoid(-1);
  const worths: RowWorth[] = [];
  let next = 0;
  let current = -1;
  let passed: WindowRows | undefined;
  for (let row = 0; row < rows; row++) {
    if (windows[next]?.first === row) current = next++;
    const window = windows[current];
    if (window === undefined) {
      worths.push({ worth: costBehind(row, passed) * weights.fpWeight, window: -1 });
      continue;
    }
    const position = -(window.last - row + 1) / (window.last - window.first + 1);
    worths.push({ worth: (scaledSigmoid(position) / earliest) * weights.tpWeight, window: current });
    if (row === window.last) {
      passed = window;
      current = -1;
    }
  }
  return worths;
}

function costBehind(row: number, passed: WindowRows | undefined): number {
  if (passed === undefined) return -1;
  return scaledSigmoid((row - passed.last) / (passed.last - passed.first));
}

function scaledSigmoid(position: number): number {
  return position > FAR_BEHIND ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
