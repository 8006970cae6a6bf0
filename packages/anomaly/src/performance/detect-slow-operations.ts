import type { Detector, TelemetrySnapshot } from '@selfheal/contracts';
import { thresholdFactor } from '../naming/threshold.ts';
import { type OperationPool, poolOperations } from '../operations/operation-pool.ts';
import { pickCurrent } from '../releases/live-releases.ts';
import { holmAdjust } from '../statistics/holm.ts';
import { judgeOperation, MIN_CALLS } from './judge-operation.ts';
import { placeOfOperation, SLOW_OPERATIONS, slowOperationAnomaly } from './slow-operation-anomaly.ts';
import { medianOf, type Slowdown } from './slowdown.ts';

/** More than 50 % over the expected time. */
const RATIO = 1.5;
/** Chance of one false alarm in all comparisons of a window. */
const ALPHA = 1e-4;
/** Less than this is scheduling noise, unless the operation is several times slower. */
const LEAST_DELTA_MS = 5;
const MARKED_RATIO = 3;
const LEAST_MARKED_DELTA_MS = 2;
const LEAST_BUDGET_DELTA_MS = 0.5;
/** Where most of many operations slow down alike, the machine is slow, not the code. */
const COMMON_OPERATIONS = 8;
const COMMON_SHARE = 0.7;

/**
 * Operations that take more than half as long again as expected, by a rank test corrected for the number of comparisons: noise
 * alone is no anomaly, however heavy its tail. Each operation is judged on its own, so a changed traffic mix changes nothing.
 */
export const detectSlowOperations: Detector = {
  name: SLOW_OPERATIONS,
  type: 'performance',
  detect(snapshot) {
    const judged = judgeAll(snapshot);
    const common = commonFactor(judged);
    return judged.flatMap(({ now, seen }) => {
      const factor = thresholdFactor(snapshot, SLOW_OPERATIONS, placeOfOperation(now));
      const found = seen.find((slowdown) => isAnomaly(slowdown, RATIO * factor * (slowdown.reference.from === 'release' ? common : 1)));
      return found === undefined ? [] : [slowOperationAnomaly(snapshot, now, found)];
    });
  },
};

interface Judged {
  readonly now: OperationPool;
  readonly seen: readonly Slowdown[];
}

/** All comparisons of the window, their p-values adjusted as one family. */
function judgeAll(snapshot: TelemetrySnapshot): Judged[] {
  const pools = poolOperations(snapshot.slices);
  const byOperation = Map.groupBy(pools, ({ operation }) => operation);
  const judged = [...byOperation.values()].flatMap((same) => {
    const now = pickCurrent(same, snapshot, ({ timed }) => timed >= MIN_CALLS);
    return now === undefined ? [] : [{ now, seen: judgeOperation(now, pools, snapshot) }];
  });
  const adjusted = holmAdjust(judged.flatMap(({ seen }) => seen.map(({ pValue }) => pValue)));
  let next = 0;
  return judged.map(({ now, seen }) => ({ now, seen: seen.map((slowdown) => ({ ...slowdown, pValue: adjusted[next++] ?? 1 })) }));
}

function isAnomaly({ ratio, pValue, seenMs, expectedMs, reference }: Slowdown, required: number): boolean {
  if (ratio <= required || pValue > ALPHA) return false;
  const delta = seenMs - expectedMs;
  if (reference.from === 'budget') return delta >= LEAST_BUDGET_DELTA_MS;
  return delta >= LEAST_DELTA_MS || (ratio >= MARKED_RATIO && delta >= LEAST_MARKED_DELTA_MS);
}

/** By how much all operations slowed down together; 1 where they did not. */
function commonFactor(judged: readonly Judged[]): number {
  const ratios = judged.flatMap(({ seen }) =>
    seen.filter(({ shape, reference }) => shape === 'typical' && reference.from === 'release').map(({ ratio }) => ratio),
  );
  if (ratios.length < COMMON_OPERATIONS) return 1;
  const slower = ratios.filter((ratio) => ratio > RATIO);
  return slower.length >= ratios.length * COMMON_SHARE ? Math.max(1, medianOf(slower)) : 1;
}
