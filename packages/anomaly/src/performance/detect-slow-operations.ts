import type { Detector, TelemetrySnapshot } from '@selfheal/contracts';
import { holmAdjust } from '@selfheal/statistics';
import { thresholdFactor } from '../naming/threshold.ts';
import { poolOperations } from '../operations/operation-pool.ts';
import { pickCurrent } from '../releases/live-releases.ts';
import { commonSlowdown } from './common-slowdown.ts';
import { type Comparison, type JudgedOperation, judgeOperation, MIN_CALLS } from './judge-operation.ts';
import { placeOfOperation, SLOW_OPERATIONS, slowOperationAnomaly } from './slow-operation-anomaly.ts';

/** More than 50 % over the expected time. */
const RATIO = 1.5;
/** Chance of one false alarm in all comparisons of a window. */
const ALPHA = 1e-4;
/** Less than this is scheduling noise, unless the operation is several times slower. */
const LEAST_DELTA_MS = 5;
const MARKED_RATIO = 3;
const LEAST_MARKED_DELTA_MS = 2;
const LEAST_BUDGET_DELTA_MS = 0.5;

/**
 * Operations that take more than half as long again as expected, by a rank test corrected for the number of comparisons: noise
 * alone is no anomaly, however heavy its tail. Each operation is judged on its own, so a changed traffic mix changes nothing. Ideas: Mann
 * and Whitney 1947 for the median, Mood's median test moved to the tail, Pettitt 1979 for a change within a release, Holm 1979 for the family.
 */
export const detectSlowOperations: Detector = {
  name: SLOW_OPERATIONS,
  type: 'performance',
  detect(snapshot) {
    const judged = judgeAll(snapshot);
    const common = commonSlowdown(judged, snapshot);
    return judged.flatMap(({ now, comparisons }) => {
      const factor = thresholdFactor(snapshot, SLOW_OPERATIONS, placeOfOperation(now));
      const found = comparisons.find((slowdown) => isAnomaly(slowdown, RATIO * factor * common(slowdown.reference.from)));
      return found === undefined ? [] : [slowOperationAnomaly(snapshot, now, found)];
    });
  },
};

/** All comparisons of the window, their p-values adjusted as one family. */
function judgeAll(snapshot: TelemetrySnapshot): JudgedOperation[] {
  const pools = poolOperations(snapshot.slices);
  const byOperation = Map.groupBy(pools, ({ operation }) => operation);
  const judged = [...byOperation.values()].flatMap((same) => {
    const now = pickCurrent(same, snapshot, ({ timed }) => timed >= MIN_CALLS);
    return now === undefined ? [] : [{ now, comparisons: judgeOperation(now, pools, snapshot) }];
  });
  const adjusted = holmAdjust(judged.flatMap(({ comparisons }) => comparisons.map(({ pValue }) => pValue)));
  let next = 0;
  return judged.map(({ now, comparisons }) => ({
    now,
    comparisons: comparisons.map((comparison) => ({ ...comparison, pValue: adjusted[next++] ?? 1 })),
  }));
}

function isAnomaly({ stands, ratio, pValue, seenMs, expectedMs, reference }: Comparison, required: number): boolean {
  if (!stands || ratio <= required || pValue > ALPHA) return false;
  const delta = seenMs - expectedMs;
  if (reference.from === 'budget') return delta >= LEAST_BUDGET_DELTA_MS;
  return delta >= LEAST_DELTA_MS || (ratio >= MARKED_RATIO && delta >= LEAST_MARKED_DELTA_MS);
}
