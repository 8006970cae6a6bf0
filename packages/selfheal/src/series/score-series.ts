import { createSeriesScorer, type SeriesScore } from '@selfheal/anomaly';
import { readSeries, type SeriesRow } from '@selfheal/telemetry';

export interface ScoredRow extends SeriesRow {
  readonly score: SeriesScore;
}

/**
 * Scores a CSV text of `timestamp,value` row by row: each score follows from the rows before it alone. Bytes may be gzip; memory is bounded
 * whatever their number. `name` is for errors, as `readSeries` gives them.
 */
export async function* scoreSeries(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ScoredRow> {
  const scorer = createSeriesScorer();
  for await (const row of readSeries(chunks, name)) yield { ...row, score: scorer.push(row.timeMs, row.value) };
}
