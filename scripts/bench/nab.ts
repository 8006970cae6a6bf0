import { join, resolve } from 'node:path';
import { ALARM_SCORE, createSeriesScorer } from '@selfheal/anomaly';
import { isCorpus, type LabelledSeries, readCorpus } from './nab/corpus.ts';
import { printScores } from './nab/print-scores.ts';
import type { ScoredSeries } from './nab/score.ts';
import type { Row } from './table.ts';

/** Numenta's published figure (HTM), optimised threshold, standard profile: what others compare themselves with. */
const NUMENTA_HTM = 70.1;

/** The series detector on the Numenta Anomaly Benchmark in `<data>/nab`, or in `data` itself; scored as published. */
export async function runNabBench(_folder: string, data: string): Promise<Row[]> {
  const corpus = [join(data, 'nab'), data].map((folder) => resolve(folder)).find(isCorpus);
  if (corpus === undefined) {
    process.stdout.write(
      `\nnab: no benchmark in ${resolve(data, 'nab')}. Clone https://github.com/numenta/NAB and give its folder: npm run bench -- nab --data FOLDER\n`,
    );
    return [];
  }
  const { series, profiles } = readCorpus(corpus);
  const started = performance.now();
  const scored = series.map(scoreSeries);
  const seconds = (performance.now() - started) / 1_000;
  const rows = scored.reduce((sum, { scores }) => sum + scores.length, 0);
  const totals = [...profiles].map(([profile, weights]) => printScores(profile, weights, { series, scored, threshold: ALARM_SCORE }));
  return [
    { what: `rows a second, ${series.length} series, ${rows} rows`, value: rows / seconds, unit: 'rows/s' },
    ...totals.flatMap(({ profile, fixed, best }) => [
      { what: `${profile}, threshold fixed at ${ALARM_SCORE}`, value: fixed.normalised, unit: '' },
      { what: `${profile}, threshold optimised`, value: best.normalised, unit: '' },
    ]),
    { what: 'for comparison: Numenta HTM, standard, optimised', value: NUMENTA_HTM, unit: '' },
  ];
}

function scoreSeries({ name, windows, timesMs, values }: LabelledSeries): ScoredSeries {
  const scorer = createSeriesScorer();
  return { name, windows, scores: values.map((value, row) => scorer.push(timesMs[row] ?? 0, value).score) };
}
