import { type ProfileWeights, probationRows, sweepRows, type WindowRows } from './sweep.ts';

/** One series with what a detector said of it: `scores[row]` in 0..1. */
export interface ScoredSeries {
  readonly name: string;
  readonly scores: ArrayLike<number>;
  readonly windows: readonly WindowRows[];
}

/** Result over a set of series at one threshold. */
export interface CorpusScore {
  readonly threshold: number;
  /** Sum of the series' scores: detected windows minus missed ones minus false alarms, each weighted. */
  readonly raw: number;
  /** 0 = a detector that never alarms, 100 = every window found at its first row and no false alarm. */
  readonly normalised: number;
  readonly found: number;
  readonly windows: number;
  readonly falseAlarms: number;
}

/** Higher than any score: the threshold at which nothing is an alarm. */
const NEVER = 1.1;

interface Candidate {
  readonly score: number;
  readonly worth: number;
  /** Number of the window over all series, -1 outside. */
  readonly window: number;
}

/** Scores a set of series with a threshold fixed beforehand: an alarm is a row with `score >= threshold`. */
export function scoreAt(series: readonly ScoredSeries[], weights: ProfileWeights, threshold: number): CorpusScore {
  const reached = candidates(series, weights).filter(({ score }) => score >= threshold);
  const sweep = startSweep(series, weights);
  for (const candidate of reached) sweep.take(candidate);
  return sweep.result(threshold);
}

/** The benchmark's own threshold optimisation: the one threshold over all series that earns the most under this profile. */
export function scoreAtBest(series: readonly ScoredSeries[], weights: ProfileWeights): CorpusScore {
  const sorted = candidates(series, weights).sort((a, b) => b.score - a.score);
  const sweep = startSweep(series, weights);
  let best = sweep.result(NEVER);
  for (const [index, candidate] of sorted.entries()) {
    sweep.take(candidate);
    if (sorted[index + 1]?.score === candidate.score) continue;
    if (sweep.raw() > best.raw) best = sweep.result(candidate.score);
  }
  return best;
}

function candidates(series: readonly ScoredSeries[], weights: ProfileWeights): Candidate[] {
  const all: Candidate[] = [];
  let offset = 0;
  for (const { scores, windows } of series) {
    const worths = sweepRows(scores.length, windows, weights);
    for (let row = Math.ceil(probationRows(scores.length)); row < scores.length; row++) {
      const { worth, window } = worths[row] ?? { worth: 0, window: -1 };
      all.push({ score: scores[row] ?? 0, worth, window: window < 0 ? -1 : offset + window });
    }
    offset += windows.length;
  }
  return all;
}

/** A window counts once, with its best (earliest) alarm; every false alarm counts. */
function startSweep(series: readonly ScoredSeries[], { tpWeight, fnWeight }: ProfileWeights) {
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const earned = new Map<number, number>();
  let raw = -fnWeight * windows;
  let falseAlarms = 0;
  return {
    raw: () => raw,
    take({ worth, window }: Candidate): void {
      if (window < 0) {
        falseAlarms++;
        raw += worth;
        return;
      }
      const before = earned.get(window) ?? -fnWeight;
      if (worth <= before) return;
      earned.set(window, worth);
      raw += worth - before;
    },
    result(threshold: number): CorpusScore {
      const nothing = -fnWeight * windows;
      const normalised = windows === 0 ? 0 : (100 * (raw - nothing)) / (tpWeight * windows - nothing);
      return { threshold, raw, normalised, found: earned.size, windows, falseAlarms };
    },
  };
}
