import type { PerformanceDetails, TelemetrySnapshot } from '@selfheal/contracts';
import type { JudgedOperation } from './judge-operation.ts';
import { medianOf } from './slowdown.ts';

type From = PerformanceDetails['expectedFrom'];

/** Where most of several operations slow down together, the machine is slow (a deploy, a busy neighbour), not the code. */
const LEAST_OPERATIONS = 6;
const MOST = 0.6;
const SLOWER = 1.5;

/**
 * By how much the operations slowed down together, by what they were compared with; 1 where they did not. One that contains another
 * tells nothing of its own and is left out.
 */
export function commonSlowdown(judged: readonly JudgedOperation[], { nesting = [] }: TelemetrySnapshot): (from: From) => number {
  const names = new Set(judged.map(({ now }) => now.operation));
  const outer = new Set(nesting.filter(({ inner }) => names.has(inner)).map((pair) => pair.outer));
  const comparisons = judged
    .filter(({ now }) => !outer.has(now.operation))
    .flatMap(({ comparisons: all }) => all.filter(({ shape }) => shape === 'typical'));
  return (from) => {
    const ratios = comparisons.filter(({ reference }) => reference.from === from).map(({ ratio }) => ratio);
    const slower = ratios.filter((ratio) => ratio > SLOWER);
    const isCommon = from !== 'budget' && ratios.length >= LEAST_OPERATIONS && slower.length >= ratios.length * MOST;
    return isCommon ? medianOf(slower) : 1;
  };
}
