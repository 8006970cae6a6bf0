import type { Detector, OperationSeries, TelemetrySnapshot } from '@selfheal/contracts';
import { thresholdFactor } from '../naming/threshold.ts';
import { type LastingChange, lastingChange, type MeasuredRow, type Wanted } from './lasting-change.ts';
import { type Measure, SERIES, seriesAnomaly } from './series-anomaly.ts';

/** More than 50 % over what it was, or less than two thirds of it. */
const RATIO = 1.5;
/** Chance of one false alarm in all series of a window. */
const ALPHA = 1e-4;
/** A share of errors below this is no change to tell. */
const LEAST_ERROR_SHARE = 0.01;
const LEAST_ERRORS = 5;
/** Less than this is scheduling noise. */
const LEAST_DELTA_MS = 5;
/** Fewer calls in a stretch make its share of errors, or its rate, a matter of single calls. */
const LEAST_CALLS = 5;
const DAY_MS = 86_400_000;

/** A rate follows the day: it is judged only where the same time of the day before is known. */
const WANTED: Readonly<Record<Measure, Omit<Wanted, 'ratio'>>> = {
  'typical duration': { direction: 'up', level: 'median', leastBeforeMs: 0 },
  'share of errors': { direction: 'up', level: 'mean', leastBeforeMs: 0 },
  'calls up': { direction: 'up', level: 'median', leastBeforeMs: DAY_MS },
  'calls down': { direction: 'down', level: 'median', leastBeforeMs: DAY_MS },
};
const MEASURES: readonly Measure[] = ['typical duration', 'share of errors', 'calls up', 'calls down'];

/**
 * Operations whose duration, share of errors or rate left its usual course and has not come back: the online scorer of `series/` says when,
 * the rank test and the 50 % rule whether it lasts. Findings of low confidence, one for each measure: they say that something changed, not
 * what is wrong, and start no heal. An operation that falls silent altogether is not told: a log that stopped looks the same.
 */
export const detectUnusualSeries: Detector = {
  name: SERIES,
  type: 'performance',
  detect(snapshot) {
    const series = snapshot.operationSeries ?? [];
    const tests = series.length * MEASURES.length;
    return MEASURES.flatMap((measure) => {
      const [strongest, ...others] = series
        .flatMap((one) => {
          const change = changeOf(snapshot, one, measure);
          return change === undefined ? [] : [{ series: one, change: { ...change, pValue: Math.min(1, change.pValue * tests) } }];
        })
        .filter(({ change }) => change.pValue <= ALPHA)
        .sort((a, b) => b.change.factor - a.change.factor);
      return strongest === undefined ? [] : [seriesAnomaly(snapshot, measure, [strongest, ...others])];
    });
  },
};

function changeOf(snapshot: TelemetrySnapshot, series: OperationSeries, measure: Measure): LastingChange | undefined {
  const ratio = RATIO * thresholdFactor(snapshot, SERIES, { operation: series.operation });
  const change = lastingChange(rowsOf(series, measure), { ratio, ...WANTED[measure] });
  return change !== undefined && isWorthTelling(series, measure, change) ? change : undefined;
}

function rowsOf({ rows }: OperationSeries, measure: Measure): MeasuredRow[] {
  switch (measure) {
    case 'typical duration':
      return rows.flatMap(({ start, typicalMs }) => (typicalMs === null ? [] : [{ start, value: typicalMs }]));
    case 'share of errors':
      return rows.flatMap(({ start, calls, errors }) => (calls < LEAST_CALLS ? [] : [{ start, value: errors / calls }]));
    case 'calls up':
    case 'calls down':
      return rows.map(({ start, calls }) => ({ start, value: calls }));
  }
}

function isWorthTelling({ rows }: OperationSeries, measure: Measure, { after, expected, seen }: LastingChange): boolean {
  const since = after[0]?.start ?? 0;
  switch (measure) {
    case 'typical duration':
      return seen - expected >= LEAST_DELTA_MS;
    case 'share of errors': {
      const errors = rows.filter(({ start }) => start >= since).reduce((sum, row) => sum + row.errors, 0);
      return seen >= LEAST_ERROR_SHARE && errors >= LEAST_ERRORS;
    }
    case 'calls up':
      return seen >= LEAST_CALLS;
    case 'calls down':
      return expected >= LEAST_CALLS && (after.at(-1)?.value ?? 0) > 0;
  }
}
