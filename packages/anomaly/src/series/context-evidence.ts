/** Contexts (short shapes of the series) seen before, as a ring. JSON-safe. */
export interface ContextState {
  rows: number;
  contexts: number[][];
  recent: number[];
  run: number;
}

/** Bounds the cost of a row. These and the rows below were chosen on public series (see the head of series-scorer.ts). */
const CAPACITY = 200;
const EVERY_ROWS = 8;
const LEAST_CONTEXTS = 50;
/** Rows back whose values belong to the context, besides the row itself. */
const LAGS = [3, 5, 8];
const LONGEST_LAG = 8;
const WIDEST_Z = 6;
const RUN_ROWS = 12;

export const CONTEXT_STATISTICS = ['shape was not seen before', 'a run of shapes was not seen before'];

export function newContextState(): ContextState {
  return { rows: 0, contexts: [], recent: new Array<number>(LONGEST_LAG).fill(0), run: 0 };
}

/**
 * Evidence from a context unlike any before: the distance of (value, some before it, two levels), in slow deviations, to its nearest neighbour;
 * NaN (no say) until enough contexts are known. Source: Burnaev and Ishimtsev, "Conformalized density- and distance-based anomaly detection in
 * time-series data" (2016), the KNN-CAD of the benchmark, with a sample of contexts instead of all.
 */
export function contextEvidence(state: ContextState, z: number, spanZ: readonly number[], into: number[]): void {
  const context = [z, ...LAGS.map((lag) => state.recent[lag - 1] ?? 0), spanZ[1] ?? 0, spanZ[2] ?? 0];
  if (state.contexts.length <= LEAST_CONTEXTS) {
    into.push(Number.NaN, Number.NaN);
  } else {
    const distance = nearest(state.contexts, context);
    state.run += (distance - state.run) / RUN_ROWS;
    into.push(distance, state.run);
  }
  if (state.rows % EVERY_ROWS === 0) state.contexts[(state.rows / EVERY_ROWS) % CAPACITY] = context;
  state.rows++;
  state.recent.pop();
  state.recent.unshift(Math.max(-WIDEST_Z, Math.min(WIDEST_Z, z)));
}

function nearest(contexts: readonly (readonly number[])[], context: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const known of contexts) {
    let sum = 0;
    for (let index = 0; index < context.length && sum < least; index++) {
      const difference = (context[index] ?? 0) - (known[index] ?? 0);
      sum += difference * difference;
    }
    if (sum < least) least = sum;
  }
  return Math.sqrt(least);
}
