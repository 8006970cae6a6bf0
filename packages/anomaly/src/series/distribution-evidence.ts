import { SLOW_ROWS } from './level-evidence.ts';

/** Shares of the bins of the value's range over short windows and over the whole memory. JSON-safe. */
export interface DistributionState {
  rows: number;
  windows: number[][];
  usual: number[];
}

/** Bins over ±3.4 deviations; chosen on public series, as are the windows below (see the head of series-scorer.ts). */
const BINS = 11;
const WIDEST_Z = 3.4;
const BINS_PER_Z = 1.5;
/** Rows. */
const WINDOWS = [12, 36, 120];

export const DISTRIBUTION_STATISTICS = WINDOWS.map((rows) => `distribution of ${rows} rows is unusual`);

export function newDistributionState(): DistributionState {
  const even = (): number[] => new Array<number>(BINS).fill(1 / BINS);
  return { rows: 0, windows: WINDOWS.map(even), usual: even() };
}

/**
 * Evidence from a change of distribution: the relative entropy of the last rows' bins to those of the memory. `z` is the value in slow
 * deviations. Source: Wang, Viswanathan et al., "Statistical Techniques for Online Anomaly Detection in Data Centers" (IM 2011).
 */
export function distributionEvidence(state: DistributionState, z: number, into: number[]): void {
  state.rows++;
  const bin = Math.round(Math.max(-WIDEST_Z, Math.min(WIDEST_Z, z)) * BINS_PER_Z) + (BINS - 1) / 2;
  state.windows.forEach((shares, index) => {
    move(shares, bin, 1 / (WINDOWS[index] ?? 1));
    into.push(Math.max(0, relativeEntropy(shares, state.usual)));
  });
  move(state.usual, bin, Math.max(1 / (state.rows + 10), 1 / SLOW_ROWS));
}

function move(shares: number[], bin: number, rate: number): void {
  for (let index = 0; index < BINS; index++) shares[index] = (shares[index] ?? 0) * (1 - rate) + (index === bin ? rate : 0);
}

function relativeEntropy(shares: readonly number[], usual: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < BINS; index++) {
    const share = shares[index] ?? 0;
    if (share > 1e-4) sum += share * Math.log(share / ((usual[index] ?? 0) + 1e-3));
  }
  return sum;
}
