import type { WarmCall, WarmResult } from '@selfheal/contracts';
import type { EditOutcomes } from '../judge-patches/confidence.ts';
import { type JudgedPatch, judgePatches } from '../judge-patches/judge-patches.ts';
import type { LineTrial } from '../rank-lines/rank-by-trials.ts';
import type { ObservedTests } from './observe-tests.ts';
import type { RepairCandidate } from './repair-candidate.ts';
import { type RepairSearchResult, searchRepairs, type TrialOutcome } from './search-repairs.ts';
import type { TrialJournal } from './trial-journal.ts';
import { type Trials, trialLimits } from './trials.ts';

/** How far a search may go, and who is told. */
export interface SearchBounds {
  /** Milliseconds. */
  readonly budgetMs: number;
  /** Outcomes of an earlier run that was cut off. */
  readonly journal?: TrialJournal | undefined;
  /** Ends the search; what was found until then is judged. */
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

export interface TriedEdits extends RepairSearchResult {
  /** Of those tried, the ones whose outcome the journal knew. */
  readonly recalled: number;
  readonly searchMs: number;
  readonly perSecond: number;
}

/** Searches the single edits and pairs of them, taking from the journal what it knows. */
export async function tryEdits(singles: readonly RepairCandidate[], trials: Trials, bounds: SearchBounds): Promise<TriedEdits> {
  const { journal, onProgress } = bounds;
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  let recalled = 0;
  const attempt = async (candidate: RepairCandidate): Promise<TrialOutcome> => {
    const known = journal?.recall(candidate.id);
    if (known !== undefined) {
      recalled += 1;
      return known;
    }
    const outcome = await trials.attempt(candidate.changes);
    journal?.record(candidate.id, outcome);
    return outcome;
  };
  const result = await searchRepairs(singles, bounds.budgetMs, {
    attempt,
    elapsed,
    signal: bounds.stop,
    progress: (tried, of, plausible) => onProgress?.(`${tried} edits tried (${of} single ones in all), ${plausible} make all tests pass`),
  });
  const searchMs = elapsed();
  onProgress?.(`judging ${result.plausible.length} plausible edits`);
  return { ...result, recalled, searchMs, perSecond: (1_000 * (result.tried - recalled)) / Math.max(1, searchMs) };
}

export interface JudgeTask {
  readonly texts: ReadonlyMap<string, string>;
  readonly seed: number;
  /** Calls that went well in production: what they give must stay as it is. */
  readonly successes?: readonly WarmCall[];
  /** What became of earlier fixes of one kind in production. */
  readonly outcomesOf?: (operator: string) => EditOutcomes | undefined;
}

/** Judges edits that pass by what the tests observed, in the warm process where there is one. */
export async function judgeEdits(
  plausible: readonly RepairCandidate[],
  { warm, base: { results } }: ObservedTests,
  trials: Trials,
  { successes = [], ...task }: JudgeTask,
): Promise<JudgedPatch[]> {
  const limits = trialLimits(results);
  return judgePatches({
    ...task,
    plausible,
    successes,
    recorded: results.flatMap((result) => result.calls ?? []),
    ...countAssertions(results),
    attempt: trials.attempt,
    ...(warm === undefined ? {} : { call: (changes, calls) => warm.call(changes, calls, limits) }),
  });
}

/** What the trials tell of the lines that they changed. */
export function lineTrials({ telling }: RepairSearchResult, judged: readonly JudgedPatch[]): LineTrial[] {
  const ranks = new Map(judged.map(({ candidate }, index) => [candidate.id, 1 / (1 + index)]));
  return telling.map(({ candidate: { id, file, line, naturalness }, outcome: { plausible, fixed, broken } }) => ({
    file,
    line,
    fixed,
    broken,
    plausible: plausible ? Math.max(ranks.get(id) ?? 0, 0.2 * naturalness) : 0,
  }));
}

function countAssertions(results: readonly WarmResult[]): { failing: number; assertions: number } {
  const observations = results.flatMap((result) => result.observations.filter(({ id, passed }) => id !== '' || !passed));
  return {
    failing: observations.filter(({ passed }) => !passed).length,
    assertions: Math.max(observations.length, results.length),
  };
}
