import type { LabelledSeries } from './corpus.ts';
import { type CorpusScore, type ScoredSeries, scoreAt, scoreAtBest } from './score.ts';
import type { ProfileWeights } from './sweep.ts';

/** What a profile gives over the whole corpus. */
export interface ProfileTotals {
  readonly profile: string;
  readonly fixed: CorpusScore;
  readonly best: CorpusScore;
}

/** A table of one profile: each category and all of them, with the fixed threshold and with the benchmark's optimised one. */
export function printScores(
  profile: string,
  weights: ProfileWeights,
  { series, scored, threshold }: { series: readonly LabelledSeries[]; scored: readonly ScoredSeries[]; threshold: number },
): ProfileTotals {
  const best = scoreAtBest(scored, weights);
  const fixed = scoreAt(scored, weights, threshold);
  const categories = [...new Set(series.map(({ category }) => category))];
  const head = `${profile.padEnd(22)} ${`fixed ${threshold}`.padEnd(25)} | optimised ${best.threshold.toFixed(3)}`;
  const lines = categories.map((category) => {
    const own = scored.filter((_, nth) => series[nth]?.category === category);
    return row(category, [scoreAt(own, weights, threshold), scoreAt(own, weights, best.threshold)]);
  });
  process.stdout.write(`\n${head}\n${[...lines, row('all', [fixed, best])].join('\n')}\n`);
  return { profile, fixed, best };
}

/** A category without a window has no normalised score: its raw one is shown. */
function row(name: string, scores: readonly CorpusScore[]): string {
  const cells = scores.map(({ normalised, raw, found, windows, falseAlarms }) => {
    const score = windows === 0 ? `raw ${raw.toFixed(2)}` : normalised.toFixed(2);
    return `${score.padStart(9)} ${`${found}/${windows}`.padStart(6)} ${`${falseAlarms} false`.padStart(9)}`;
  });
  return `${name.padEnd(22)} ${cells.join(' | ')}`;
}
