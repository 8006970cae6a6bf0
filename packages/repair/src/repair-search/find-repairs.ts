import type { Checkout, Edit, TestReport, TestRunner, WarmSandbox } from '@selfheal/contracts';
import type { JudgedPatch } from '../judge-patches/judge-patches.ts';
import { type LineRank, rankByShape, rankLines } from '../rank-lines/rank-lines.ts';
import { expectedValues } from './expected-values.ts';
import { type ObservedTests, observeTests } from './observe-tests.ts';
import type { RepairCandidate } from './repair-candidate.ts';
import { processTrials, type Trials, warmTrials } from './trials.ts';
import { type JudgeTask, judgeEdits, type SearchBounds, tryEdits } from './try-edits.ts';

export interface RepairTask extends JudgeTask, SearchBounds {
  readonly sandbox: WarmSandbox;
  /** The repository with `given` in place. */
  readonly checkout: Checkout;
  readonly runner: TestRunner;
  /** Only these test files tell right from wrong. */
  readonly files: readonly string[];
  /** Edits that stay in place under every candidate: a new test. */
  readonly given: readonly Edit[];
  /** What is known of the place beforehand. */
  readonly suspect: (ranks: readonly LineRank[]) => readonly LineRank[];
  /** Makes the edits of the lines ranked, best first: away from this thread, which it would block. */
  readonly generate: (ranks: readonly LineRank[], expected: readonly string[]) => Promise<readonly RepairCandidate[]>;
  /** Ends everything: CANCELLED. */
  readonly signal: AbortSignal;
}

export interface FoundRepairs {
  /** Patches that pass, best first. */
  readonly judged: readonly JudgedPatch[];
  readonly tried: number;
}

const LEAST_SEARCH_MS = 1_000;

/**
 * Edits of the given sources that make failing tests of a checkout pass: observes the tests, ranks the lines, tries edits in the warm process
 * (or, where that does not show what the command shows, by the command) and judges those that pass. Nothing is proven here: the caller runs
 * the command with the patch that it wants. Fails with CANCELLED and the errors of the sandbox.
 */
export async function findRepairs(task: RepairTask): Promise<FoundRepairs> {
  const { sandbox, checkout, runner, texts, files, signal } = task;
  const started = performance.now();
  const sources = [...texts.keys()];
  await using warm = await sandbox.openWarmTests(checkout, { ...runner, testFiles: [...files] }, { sources, signal });
  const tests = await observeTests({ sandbox, checkout, runner, files, signal }, warm);
  if (tests.healthy) return { judged: [], tried: 0 };
  const trials = trialsOf(task, tests);
  const singles = await task.generate(task.suspect(suspectedLines(texts, tests)), expectedValues(tests.base.results));
  const budgetMs = Math.max(LEAST_SEARCH_MS, task.budgetMs - (performance.now() - started));
  const stop = task.stop === undefined ? signal : AbortSignal.any([signal, task.stop]);
  const result = await tryEdits(singles, trials, { ...task, stop, budgetMs });
  return { judged: await judgeEdits(result.plausible, tests, trials, task), tried: result.tried };
}

/** Lines by what failing tests ran, or where that could not be observed, by what they do. */
export function suspectedLines(texts: ReadonlyMap<string, string>, tests: ObservedTests): LineRank[] {
  const observed = tests.warm === undefined ? [] : rankLines(texts, tests.base.results);
  // A module that does not even load leaves nothing to observe.
  return observed.length > 0 ? observed : rankByShape(texts, stacksOf(tests.real));
}

function trialsOf({ sandbox, checkout, runner, files, given, texts, signal }: RepairTask, { warm, base, real }: ObservedTests): Trials {
  return warm === undefined ? processTrials({ sandbox, checkout, runner, files, given, texts, signal }, real) : warmTrials(warm, base);
}

function stacksOf({ results }: TestReport): string[] {
  return results.flatMap(({ status, error }) => (status === 'failed' && error?.stack !== undefined ? [error.stack] : []));
}
