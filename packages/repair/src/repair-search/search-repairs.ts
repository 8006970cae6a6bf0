import { combine, type RepairCandidate } from './repair-candidate.ts';

/** What running a candidate showed. */
export interface TrialOutcome {
  readonly plausible: boolean;
  /** Share of the failing assertions that it made pass, 0..1. */
  readonly fixed: number;
  /** Share of the assertions that passed before and were run again that it broke, 0..1. */
  readonly broken: number;
}

export interface Tried {
  readonly candidate: RepairCandidate;
  readonly outcome: TrialOutcome;
}

export interface RepairSearchPorts {
  /** Tries one candidate; may be called several times before the first is done. */
  attempt(candidate: RepairCandidate): Promise<TrialOutcome>;
  /** Milliseconds since the search began. */
  elapsed(): number;
  readonly signal?: AbortSignal | undefined;
  progress?(tried: number, of: number, plausible: number): void;
}

export interface RepairSearchResult {
  readonly plausible: readonly RepairCandidate[];
  readonly tried: number;
  /** Those that made anything pass, and the plausible ones. */
  readonly telling: readonly Tried[];
  readonly firstPlausibleMs: number | undefined;
}

/** Sent ahead, so that the process that tries them never waits. */
const AHEAD = 4;
const MOST_PLAUSIBLE = 400;
const MOST_PARTIAL = 24;
const MOST_PARTNERS = 1_500;
/** How long others are looked for once one was found: as a multiple of the time to the first, and at least so long. */
const AFTER_FIRST = { factor: 2, leastMs: 6_000 };
/** People watch it, and the engine takes it for a sign of life. */
const PROGRESS_MS = 1_000;

/**
 * Tries single edits, best first, and where none is plausible pairs: first an edit that mends part of what fails together with any other
 * (two faults, or one in two places), then the best with the best. Anytime: what was found when the budget ends is the result. The order
 * depends on the candidates alone.
 */
export async function searchRepairs(
  singles: readonly RepairCandidate[],
  budgetMs: number,
  ports: RepairSearchPorts,
): Promise<RepairSearchResult> {
  const telling: Tried[] = [];
  let tried = 0;
  let firstPlausibleMs: number | undefined;
  const plausible = (): RepairCandidate[] => telling.filter(({ outcome }) => outcome.plausible).map(({ candidate }) => candidate);
  let found = 0;
  let toldMs = 0;
  const over = (): boolean => {
    if (ports.signal?.aborted === true || ports.elapsed() >= budgetMs || found >= MOST_PLAUSIBLE) return true;
    return firstPlausibleMs !== undefined && ports.elapsed() > firstPlausibleMs * AFTER_FIRST.factor + AFTER_FIRST.leastMs;
  };
  const tryAll = async (candidates: Iterable<RepairCandidate>, of: number): Promise<void> => {
    const next = candidates[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (let step = next.next(); !over() && step.done !== true; step = next.next()) {
        const outcome = await ports.attempt(step.value);
        tried += 1;
        if (outcome.plausible || outcome.fixed > 0) telling.push({ candidate: step.value, outcome });
        if (outcome.plausible) {
          found += 1;
          firstPlausibleMs ??= ports.elapsed();
        }
        if (ports.elapsed() - toldMs < PROGRESS_MS) continue;
        toldMs = ports.elapsed();
        ports.progress?.(tried, of, found);
      }
    };
    await Promise.all(Array.from({ length: AHEAD }, lane));
  };
  await tryAll(singles, singles.length);
  if (found === 0) await tryAll(pairs(singles, telling), singles.length);
  const sorted = telling.sort((a, b) => b.candidate.score - a.candidate.score || (a.candidate.id < b.candidate.id ? -1 : 1));
  return { plausible: plausible(), tried, telling: sorted, firstPlausibleMs };
}

function* pairs(singles: readonly RepairCandidate[], telling: readonly Tried[]): Generator<RepairCandidate> {
  const partial = telling
    .filter(({ outcome }) => outcome.fixed > outcome.broken)
    .sort((a, b) => b.outcome.fixed - b.outcome.broken - (a.outcome.fixed - a.outcome.broken) || b.candidate.score - a.candidate.score)
    .map(({ candidate }) => candidate);
  const seen = new Set<string>();
  yield* products(partial.slice(0, MOST_PARTIAL), singles.slice(0, MOST_PARTNERS), seen);
  yield* products(singles.slice(0, MOST_PARTNERS), singles.slice(0, MOST_PARTNERS), seen);
}

/** Pairs in the order of their ranks' sum: neither list is exhausted before the other is begun. */
function* products(left: readonly RepairCandidate[], right: readonly RepairCandidate[], seen: Set<string>): Generator<RepairCandidate> {
  for (let sum = 0; sum < left.length + right.length; sum += 1) {
    for (let at = Math.max(0, sum - right.length + 1); at <= Math.min(sum, left.length - 1); at += 1) {
      const [a, b] = [left[at], right[sum - at]];
      const pair = a === undefined || b === undefined ? undefined : combine(a, b);
      if (pair === undefined || seen.has(pair.id)) continue;
      seen.add(pair.id);
      yield pair;
    }
  }
}
