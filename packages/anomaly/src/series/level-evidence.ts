/** Slow level and spread of a series, and the same over three shorter spans. JSON-safe. */
export interface LevelState {
  rows: number;
  mean: number;
  variance: number;
  previous: number;
  /** Mean absolute step from row to row. */
  step: number;
  spans: SpanState[];
}

interface SpanState {
  mean: number;
  /** Slow mean of the distance of a value from this span's mean. */
  deviation: number;
  /** Variance within the span. */
  variance: number;
  /** Slow mean and variance of the logarithm of that spread. */
  spreadMean: number;
  spreadVariance: number;
}

/** Where the row stands before it is learnt; every evidence source measures in these units. */
export interface Standing {
  /** Distance from the slow mean in slow standard deviations. */
  readonly z: number;
  readonly deviation: number;
  /** Means of the spans, in the same units as `z`. */
  readonly spanZ: readonly number[];
}

/**
 * Rows: a burst, a short stretch, a long one, each four times the one before (half an hour, two hours, eight hours of five-minute rows).
 * Chosen on public series, and what they answer to most: a quarter more or less costs three points (see the head of series-scorer.ts).
 */
export const SPANS = [6, 24, 96];
/** Two weeks of five-minute rows: every weekday twice. A new level is the normal one after that. Chosen on public series. */
export const SLOW_ROWS = 4000;

/** Names of what `levelEvidence` writes, in order. */
export const LEVEL_STATISTICS = [
  ...['value is high', 'value is low', 'value steps'],
  ...SPANS.flatMap((span) => [
    `value leaves the mean of ${span} rows`,
    `level of ${span} rows is high`,
    `level of ${span} rows is low`,
    `spread of ${span} rows is wide`,
    `spread of ${span} rows is narrow`,
  ]),
  ...['level rises fast', 'level falls fast', 'level rises', 'level falls'],
];

export function newLevelState(first: number): LevelState {
  const span = (): SpanState => ({ mean: first, deviation: 0, variance: 0, spreadMean: 0, spreadVariance: 0.01 });
  return { rows: 0, mean: first, variance: 0, previous: first, step: 0, spans: SPANS.map(span) };
}

/**
 * Evidence from the value, its level and its spread over several spans, each in units of what is usual, upwards and downwards apart.
 * Then the state learns the value. `outside` (see `outsideCalendar`) bounds what the value by itself can show.
 *
 * Sources: exponentially weighted control charts (Roberts, Technometrics 1959; for the spread MacGregor and Harris, JQT 1993), as pairs of a
 * fast and a slow mean, as in Etsy's Skyline.
 */
export function levelEvidence(state: LevelState, value: number, outside: number, into: number[]): Standing {
  state.rows++;
  const slow = Math.max(1 / state.rows, 1 / SLOW_ROWS);
  const deviation = Math.sqrt(state.variance) + 1e-3 * Math.abs(state.mean) + 1e-9;
  const z = bounded((value - state.mean) / deviation);
  const news = outside / deviation;
  into.push(Math.min(Math.max(0, z), news), Math.min(Math.max(0, -z), news));
  into.push(share(Math.min(Math.abs(value - state.previous), outside), state.step));
  const spanZ = state.spans.map((span, index) => spanEvidence(span, SPANS[index] ?? 1, { value, outside, slow, state, deviation }, into));
  for (let faster = 0; faster + 1 < spanZ.length; faster++) {
    const drift = (spanZ[faster] ?? 0) - (spanZ[faster + 1] ?? 0);
    into.push(Math.max(0, drift), Math.max(0, -drift));
  }
  const distance = value - state.mean;
  state.mean += slow * distance;
  state.variance = (1 - slow) * (state.variance + slow * distance * distance);
  state.step += slow * (Math.abs(value - state.previous) - state.step);
  state.previous = value;
  return { z, deviation, spanZ };
}

interface Row {
  readonly value: number;
  readonly outside: number;
  readonly slow: number;
  readonly state: LevelState;
  readonly deviation: number;
}

/** Writes the five statistics of one span and learns the value; returns the span's mean in slow deviations. */
function spanEvidence(span: SpanState, rows: number, { value, outside, slow, state, deviation }: Row, into: number[]): number {
  const distance = value - span.mean;
  into.push(share(Math.min(Math.abs(distance), outside), span.deviation));
  span.mean += distance / rows;
  span.deviation += slow * (Math.abs(distance) - span.deviation);
  const level = bounded((span.mean - state.mean) / deviation);
  into.push(Math.max(0, level), Math.max(0, -level));
  span.variance = (1 - 1 / rows) * (span.variance + (distance * distance) / rows);
  const spread = Math.log(Math.sqrt(span.variance) + 1e-3 * deviation + 1e-9);
  if (state.rows < 3 * rows) {
    span.spreadMean = spread;
    span.spreadVariance = 0.01;
  }
  const unusual = (spread - span.spreadMean) / Math.sqrt(span.spreadVariance + 1e-4);
  into.push(Math.max(0, unusual), Math.max(0, -unusual));
  span.spreadMean += slow * (spread - span.spreadMean);
  span.spreadVariance += slow * ((spread - span.spreadMean) ** 2 - span.spreadVariance);
  return level;
}

function share(part: number, usual: number): number {
  return part / (usual + 1e-9);
}

/** After a constant series any value is infinitely far: more than this says no more, and its square stays finite. */
function bounded(z: number): number {
  return Math.max(-1e6, Math.min(1e6, z));
}
