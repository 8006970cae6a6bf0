import { fisherGreater } from '@selfheal/statistics';
import { ALPHA, type Deviation, mostFrequent } from './deviation.ts';
import type { Expectation } from './expectation.ts';
import { completedOf, countOf, type Runs } from './runs.ts';

/** Lost lines leave holes everywhere: a rare hole must be several times as frequent as those of the other steps. */
const RARE_HOLE = 0.2;
const HOLE_RATIO = 3;
/** Now and then a step is tried again; in this share of runs it is the program's doing. */
const RETRY_SHARE = 0.2;
/** In nearly all runs of a new release: someone meant it. */
const NEARLY_ALL = 0.9;

/** Steps that completed runs lack. Steps missing from the same runs are one cause. */
export function findMissingSteps(runs: readonly Runs[], expected: Expectation): Deviation[] {
  const completed = runs.filter((one) => completedOf(one) > 0 && !isCutOff(one, expected));
  const total = sumCompleted(completed);
  const holes = new Map([...expected.required].map((step) => [step, completed.filter(({ steps }) => !steps.includes(step))]));
  const share = (lacking: readonly Runs[]): number => (total === 0 ? 0 : sumCompleted(lacking) / total);
  const found = [...holes].filter(([step, lacking]) => lacking.length > 0 && !isLoss(share(lacking), othersOf(step)));
  const byRuns = Map.groupBy(found, ([, lacking]) =>
    lacking
      .map(({ variant }) => variant.key)
      .sort()
      .join('\n'),
  );
  return [...byRuns.values()].flatMap((group): Deviation[] => {
    const lacking = group[0]?.[1] ?? [];
    const seen = mostFrequent(lacking);
    if (seen === undefined) return [];
    const steps = expected.steps.filter((step) => group.some(([name]) => name === step));
    const before = shareBefore(
      expected.reference,
      (one) => (steps.every((step) => !one.steps.includes(step)) ? completedOf(one) : 0),
      completedOf,
    );
    const open = isOpenEnd(seen, steps, expected);
    const unsure = share(lacking) > NEARLY_ALL && expected.reference.length === 0;
    const deviation = {
      kind: open ? ('stuck' as const) : ('missing' as const),
      steps: open ? steps.slice(0, 1) : steps,
      count: sumCompleted(lacking),
      share: share(lacking),
      seen,
      before,
      doubts: unsure ? [{ why: 'no run shows these steps, so they may not be logged', cost: 0.2 }] : [],
    };
    return isMoreThanBefore(deviation, total, sumCompleted(expected.reference)) ? [deviation] : [];
  });

  function othersOf(step: string): number[] {
    return [...holes].filter(([name]) => name !== step).map(([, lacking]) => share(lacking));
  }
}

/** Steps that nobody expects, and steps that run again without need. */
export function findExtraSteps(runs: readonly Runs[], expected: Expectation): Deviation[] {
  const total = countOf(runs);
  const names = new Set(runs.flatMap(({ steps }) => steps));
  const unknown = [...names].filter((step) => !expected.known.has(step)).map((step) => extra(step, (one) => one.steps.includes(step), []));
  const repeated = [...names].filter((step) => expected.known.has(step)).map((step) => extra(step, (one) => isRepeated(step, one), []));
  const retried = [...names]
    .map((step) => extra(step, (one) => one.retried.includes(step), [{ why: 'it may be a retry', cost: 0.15 }]))
    .filter(({ share }) => share >= RETRY_SHARE);
  return [...unknown.filter(isSurprising), ...repeated, ...retried].filter(
    (deviation): deviation is Deviation => deviation.seen !== undefined && isMoreThanBefore(deviation, total, countOf(expected.reference)),
  );

  function extra(
    step: string,
    has: (one: Runs) => boolean,
    doubts: Deviation['doubts'],
  ): Omit<Deviation, 'seen'> & { seen: Runs | undefined } {
    const having = runs.filter(has);
    const before = shareBefore(
      expected.reference,
      (one) => (has(one) ? one.count : 0),
      ({ count }) => count,
    );
    const unsure =
      expected.reference.length === 0 && !expected.known.has(step) ? [{ why: 'the document may leave this step out', cost: 0.25 }] : [];
    return {
      kind: 'extra',
      steps: [step],
      count: countOf(having),
      share: countOf(having) / total,
      seen: mostFrequent(having),
      before,
      doubts: [...doubts, ...unsure],
    };
  }

  /** With no document to forbid it, a step that came with a new release, or that nearly every run has, was added on purpose. */
  function isSurprising({ share }: { share: number }): boolean {
    return expected.from === 'declared' || (!expected.isOfOtherRelease && share <= NEARLY_ALL);
  }

  function isRepeated(step: string, { steps }: Runs): boolean {
    return steps.filter((name) => name === step).length > Math.max(1, expected.steps.filter((name) => name === step).length);
  }
}

/** Runs whose last step started and never ended. */
export function findStuckSteps(runs: readonly Runs[], expected: Expectation): Deviation[] {
  const total = countOf(runs);
  const groups = Map.groupBy(
    runs.filter(({ stuck }) => stuck > 0),
    ({ steps }) => steps.at(-1) ?? '',
  );
  return [...groups].flatMap(([step, group]): Deviation[] => {
    const seen = mostFrequent(group);
    if (seen === undefined) return [];
    const count = group.reduce((sum, { stuck }) => sum + stuck, 0);
    const before = shareBefore(
      expected.reference,
      (one) => (one.steps.at(-1) === step ? one.stuck : 0),
      (one) => one.count,
    );
    const deviation = { kind: 'stuck' as const, steps: [step], count, share: count / total, seen, before, doubts: [] };
    return isMoreThanBefore(deviation, total, countOf(expected.reference)) ? [deviation] : [];
  });
}

/** A share that the release before had too is no news. */
function isMoreThanBefore({ count, before }: { count: number; before: number | undefined }, total: number, totalBefore: number): boolean {
  if (before === undefined) return true;
  return fisherGreater({ hits: Math.round(before * totalBefore), total: totalBefore }, { hits: count, total }) < ALPHA;
}

/** A log that begins in the middle of a run shows its end only. */
function isCutOff({ steps, count }: Runs, { steps: expected }: Expectation): boolean {
  const at = expected.indexOf(steps[0] ?? '');
  return at > 0 && count <= 2 && steps.join('\n') === expected.slice(at).join('\n');
}

function isLoss(share: number, others: readonly number[]): boolean {
  if (share >= RARE_HOLE) return false;
  const holes = others.filter((other) => other > 0).sort((a, b) => a - b);
  const typical = holes[Math.floor(holes.length / 2)] ?? 0;
  return holes.length >= 2 && share < typical * HOLE_RATIO;
}

/** The run just ends before these steps, and nothing says that the request was answered. */
function isOpenEnd({ steps, variant }: Runs, missing: readonly string[], { steps: expected }: Expectation): boolean {
  const rest = expected.slice(expected.length - missing.length);
  const atEnd = missing.length > 0 && rest.every((step) => missing.includes(step)) && steps.length > 0;
  const answered = variant.examples.some(({ request }) => request?.status !== undefined);
  return atEnd && !answered && steps.at(-1) === expected[expected.length - missing.length - 1];
}

function shareBefore(reference: readonly Runs[], hits: (one: Runs) => number, total: (one: Runs) => number): number | undefined {
  const all = reference.reduce((sum, one) => sum + total(one), 0);
  return all === 0 ? undefined : reference.reduce((sum, one) => sum + hits(one), 0) / all;
}

function sumCompleted(runs: readonly Runs[]): number {
  return runs.reduce((sum, one) => sum + completedOf(one), 0);
}
