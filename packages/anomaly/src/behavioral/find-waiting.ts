import { medianOf } from '../performance/slowdown.ts';
import { type Deviation, mostFrequent } from './deviation.ts';
import type { Expectation } from './expectation.ts';
import { countOf, type Runs } from './runs.ts';

/** Against a release or what was learned: this much longer, and by this factor. */
const LEAST_EXCESS_MS = 50;
const RATIO = 2;
/** With nothing to compare with: a wait that dwarfs the work itself. */
const LEAST_BARE_WAIT_MS = 1000;
const BARE_RATIO = 3;
const MIN_RUNS = 5;

/** Waits before a step that neither a step's work nor a logged or declared pause explains. */
export function findWaiting(runs: readonly Runs[], expected: Expectation): Deviation[] {
  const steps = [...new Set(runs.flatMap((one) => one.steps.slice(1)))];
  return steps.flatMap((step): Deviation[] => {
    const seen = waitsBefore(step, runs);
    const first = mostFrequent(seen.runs);
    if (first === undefined || countOf(seen.runs) < MIN_RUNS || seen.typicalMs === undefined) return [];
    const then = waitsBefore(step, expected.reference).meanMs;
    const declared = expected.declared.find(({ name }) => name === step)?.declared.waitMs ?? 0;
    const allowed = Math.max(declared, then ?? 0);
    const excess = Math.min(seen.meanMs ?? 0, seen.typicalMs) - allowed;
    if (!isLong(excess, allowed, then !== undefined || declared > 0, first)) return [];
    const share = countOf(seen.runs) / countOf(runs);
    const doubts = then === undefined ? [{ why: 'no earlier release shows how long the wait should be', cost: 0.15 }] : [];
    const base = { kind: 'waiting' as const, steps: [step], count: countOf(seen.runs), share, seen: first, before: undefined, doubts };
    return [{ ...base, waitMs: excess + allowed, expectedWaitMs: allowed }];
  });
}

function isLong(excess: number, allowed: number, isKnown: boolean, { variant }: Runs): boolean {
  if (isKnown) return excess >= LEAST_EXCESS_MS && excess >= allowed * (RATIO - 1);
  const work = variant.durationsMs.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  return excess >= LEAST_BARE_WAIT_MS && excess >= work * BARE_RATIO;
}

/**
 * Unexplained wait before a step: its mean, and what is typical for the cited runs. A mean alone may be the work of one run that
 * slept for an hour.
 */
function waitsBefore(step: string, runs: readonly Runs[]): { runs: Runs[]; meanMs: number | undefined; typicalMs: number | undefined } {
  const having = runs.filter(({ variant }) => variant.steps.indexOf(step) > 0 && gapAt(variant, variant.steps.indexOf(step)) !== undefined);
  const total = countOf(having);
  const weighted = having.reduce((sum, { variant, count }) => sum + count * (gapAt(variant, variant.steps.indexOf(step)) ?? 0), 0);
  const cited = having.flatMap(({ variant }) => citedWaits(variant, variant.steps.indexOf(step)));
  return {
    runs: having,
    meanMs: total === 0 ? undefined : weighted / total,
    typicalMs: cited.length === 0 ? undefined : medianOf(cited),
  };
}

function gapAt({ gapsMs, explainedWaitMs }: Runs['variant'], at: number): number | undefined {
  const gap = gapsMs[at];
  return gap === null || gap === undefined ? undefined : Math.max(0, gap - (explainedWaitMs[at] ?? 0));
}

/**
 * The wait in the example runs, by the times of their lines. Where each step wrote one line, at its end, it can be told exactly;
 * else it is at most the longest silence of the run.
 */
function citedWaits({ examples, steps, durationsMs, explainedWaitMs }: Runs['variant'], at: number): number[] {
  return examples.flatMap(({ lines }) => {
    const silences = lines.slice(1).map(({ time }, nth) => time - (lines[nth]?.time ?? time));
    // The line that answers the request may follow the steps.
    const isOneEach = lines.length === steps.length || lines.length === steps.length + 1;
    const silence = isOneEach ? silences[at - 1] : Math.max(...silences);
    if (silence === undefined || !Number.isFinite(silence)) return [];
    return [Math.max(0, silence - (isOneEach ? (durationsMs[at] ?? 0) : 0) - (explainedWaitMs[at] ?? 0))];
  });
}
