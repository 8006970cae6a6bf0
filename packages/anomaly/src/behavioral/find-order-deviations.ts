import { fisherGreater } from '@selfheal/statistics';
import { ALPHA, type Deviation, mostFrequent } from './deviation.ts';
import type { Expectation } from './expectation.ts';
import { countOf, type Runs } from './runs.ts';

/** Steps logged closer than this may stand in either order for the clock's sake. */
const SAME_INSTANT_MS = 2;
const NEAR_MS = 10;
/** What the clock could explain must be the rule to count. */
const RULE = 0.9;
const OFTEN = 0.3;

interface Inversion {
  readonly first: string;
  readonly second: string;
}

/** Steps that run in the wrong order. Pairs that share a step are one cause: a step that moved passes several others. */
export function findOrderDeviations(runs: readonly Runs[], expected: Expectation): Deviation[] {
  const inverted = runs.map((one) => ({ runs: one, pairs: inversionsOf(one, expected) })).filter(({ pairs }) => pairs.length > 0);
  const genuine = inverted.map(({ runs: one, pairs }) => ({
    runs: one,
    pairs: pairs.filter((pair) => isGenuine(pair, one, runs, expected)),
  }));
  return causesOf(genuine.flatMap(({ pairs }) => pairs)).flatMap((steps): Deviation[] => {
    const affected = genuine.filter(({ pairs }) => pairs.some(({ first }) => steps.has(first))).map((entry) => entry.runs);
    const seen = mostFrequent(affected);
    if (seen === undefined) return [];
    const before = expected.reference.filter((one) => inversionsOf(one, expected).some(({ first }) => steps.has(first)));
    return [
      {
        kind: 'order',
        steps: expected.steps.filter((step) => steps.has(step)),
        count: countOf(affected),
        share: countOf(affected) / countOf(runs),
        seen,
        before: expected.reference.length === 0 ? undefined : countOf(before) / countOf(expected.reference),
        doubts: [],
      },
    ];
  });
}

function inversionsOf({ steps }: Runs, { mustPrecede }: Expectation): Inversion[] {
  return steps.flatMap((first, at) =>
    steps
      .slice(at + 1)
      .filter((second) => mustPrecede(second, first))
      .map((second) => ({ first, second })),
  );
}

/**
 * Stamps of whole milliseconds and clocks of several machines swap what ran close together; that is no deviation unless it is the
 * rule, or the release compared with hardly had it.
 */
function isGenuine(pair: Inversion, { variant }: Runs, all: readonly Runs[], { reference }: Expectation): boolean {
  const apart = distance(variant.steps.indexOf(pair.first), variant.steps.indexOf(pair.second), variant);
  if (apart === undefined || apart >= NEAR_MS) return true;
  const now = swappedOf(pair, all);
  if (now.hits >= now.total * (apart < SAME_INSTANT_MS ? RULE : OFTEN)) return true;
  const before = swappedOf(pair, reference);
  return before.total > 0 && fisherGreater(before, now) < ALPHA;
}

/** Runs that have both steps, and of these the ones that swapped them. */
function swappedOf({ first, second }: Inversion, runs: readonly Runs[]): { hits: number; total: number } {
  const both = runs.filter(({ steps }) => steps.includes(first) && steps.includes(second));
  return { hits: countOf(both.filter(({ steps }) => steps.indexOf(first) < steps.indexOf(second))), total: countOf(both) };
}

/** Mean time between two steps, ms: between their starts or their ends, whichever is longer. */
function distance(from: number, to: number, { gapsMs, durationsMs }: Runs['variant']): number | undefined {
  let starts = 0;
  let ends = 0;
  for (let at = from + 1; at <= to; at++) {
    const gap = gapsMs[at];
    if (gap === null || gap === undefined) return undefined;
    starts += gap + (durationsMs[at - 1] ?? 0);
    ends += gap + (durationsMs[at] ?? 0);
  }
  return Math.max(starts, ends);
}

/** Joins pairs that share a step. */
function causesOf(pairs: readonly Inversion[]): Set<string>[] {
  const causes: Set<string>[] = [];
  for (const { first, second } of pairs) {
    const touching = causes.filter((cause) => cause.has(first) || cause.has(second));
    const joined = new Set([first, second, ...touching.flatMap((cause) => [...cause])]);
    for (const cause of touching) causes.splice(causes.indexOf(cause), 1);
    causes.push(joined);
  }
  return causes;
}
