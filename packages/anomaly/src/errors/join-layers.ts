import type { ErrorStats } from '@selfheal/contracts';
import { inAppFrame } from './error-class.ts';
import { type ErrorPool, joinErrors } from './error-pool.ts';

const SAME_MOMENT_MS = 1000;
/** Two layers that log one error log it about as often. */
const LEAST_RATIO = 0.5;

/**
 * Joins what describes one failure: thrown at the same line with the same type (undefined here, null there), or logged by two
 * layers for the same requests. The one with the better stack gives its name.
 */
export function joinLayers(pools: readonly ErrorPool[]): ErrorPool[] {
  const causes: ErrorPool[][] = [];
  for (const pool of [...pools].sort(byWorth)) {
    const same = causes.find(([first]) => first !== undefined && first.release === pool.release && isOne(first.stats, pool.stats));
    if (same === undefined) causes.push([pool]);
    else same.push(pool);
  }
  return causes.flatMap((cause) => {
    const [first, ...others] = cause;
    if (first === undefined) return [];
    const variants = others.filter(({ stats }) => isSameLine(first.stats, stats)).map(({ stats }) => stats);
    const stats = joinErrors([first.stats, ...variants]);
    return stats === undefined ? [] : [{ ...first, stats }];
  });
}

/** In-app stacks first, then the longer ones, then what was seen first. */
function byWorth({ stats: a }: ErrorPool, { stats: b }: ErrorPool): number {
  const inApp = ({ frames }: ErrorStats): number => frames.filter((frame) => frame.inApp).length;
  return inApp(b) - inApp(a) || b.frames.length - a.frames.length || a.firstSeen - b.firstSeen;
}

function isOne(a: ErrorStats, b: ErrorStats): boolean {
  return isSameLine(a, b) || (isAsFrequent(a, b) && shareMoments(a, b) && (inAppFrame(b) === undefined || tellsSame(a, b)));
}

function isSameLine(a: ErrorStats, b: ErrorStats): boolean {
  const [x, y] = [inAppFrame(a), inAppFrame(b)];
  return x !== undefined && y !== undefined && a.type === b.type && x.file === y.file && x.line === y.line && x.function === y.function;
}

function isAsFrequent(a: ErrorStats, b: ErrorStats): boolean {
  return Math.min(a.count, b.count) >= Math.max(a.count, b.count) * LEAST_RATIO;
}

/** A wrapper repeats the message; a second log line repeats the place. */
function tellsSame(a: ErrorStats, b: ErrorStats): boolean {
  const [x, y] = [inAppFrame(a), inAppFrame(b)];
  const samePlace = x !== undefined && y !== undefined && x.file === y.file && x.function === y.function;
  return samePlace || a.normalisedMessage.includes(b.normalisedMessage) || b.normalisedMessage.includes(a.normalisedMessage);
}

function shareMoments(a: ErrorStats, b: ErrorStats): boolean {
  return a.examples.some((x) =>
    b.examples.some(
      (y) => x.flowId !== undefined && x.flowId === y.flowId && Math.abs(x.evidence.time - y.evidence.time) <= SAME_MOMENT_MS,
    ),
  );
}
