import { basename, extname } from 'node:path';
import type { Checkout, Handler, Patch, Sandbox, TestRunner } from '@selfheal/contracts';
import { comparePerformance } from '@selfheal/sandbox';
import { withHeartbeat } from './proof/heartbeat.ts';
import { checkoutBase, checkoutHead, runnerOf } from './proof/trees.ts';

/** The rank test needs at least four pairs to say anything; more only while they are cheap. */
const PAIRS = { least: 4, most: 8 };
const BUDGET_MS = 8_000;
const MOST_FILES = 8;

/**
 * validation.run, movement prove. Times the tests that touch the changed code on the base and on the patched code, by turns, and
 * compares by ranks: is it slower? Compared are tests that end alike on both; in a performance incident also the new one, which does
 * the same work on both. Absent where no such test runs.
 * Reads: the commits of applyPatch. Writes: private copies that are removed again. Fails: SANDBOX_MISSING, RUNNER_UNKNOWN, CANCELLED.
 */
export const verifyPerformance: Handler<'verifyPerformance'> = async ({ patch, codebase, trees }, { sandbox, beat }) => {
  const { base: baseCommit, head: headCommit } = trees;
  // A patch without production code makes nothing slower.
  if (headCommit === undefined || patch.candidate === undefined) return {};
  const both = { base: baseCommit, head: headCommit };
  const runner = runnerOf(codebase, patch);
  return withHeartbeat(beat, async (say) => {
    await using base = await checkoutBase(sandbox, patch, both);
    await using head = await checkoutHead(sandbox, patch, both, runner);
    const files = await affectedTests(head, runner, patch);
    say('timing the affected tests by turns');
    const startedAt = performance.now();
    const comparable = await comparableTests(sandbox, { base, head }, runner, patch, files, beat.signal);
    if (comparable.size === 0) return {};
    const pairCost = performance.now() - startedAt;
    const pairs = Math.min(PAIRS.most, Math.max(PAIRS.least, Math.floor(BUDGET_MS / pairCost)));
    const time = (checkout: Checkout) => async (): Promise<number> => {
      const { results } = await sandbox.runTests(checkout, runner, { files, plant: false, signal: beat.signal });
      return results.filter(({ id }) => comparable.has(id)).reduce((total, { durationMs = 0 }) => total + durationMs, 0);
    };
    return { performance: await comparePerformance(time(base), time(head), { pairs, signal: beat.signal }) };
  });
};

/** The new test, and test files that name a changed source file. */
async function affectedTests(checkout: Checkout, runner: TestRunner, patch: Patch): Promise<string[]> {
  const stems = patch.files.filter((file) => !patch.testFiles.includes(file)).map((file) => basename(file, extname(file)));
  const affected = [patch.test.file];
  for (const file of runner.testFiles) {
    if (affected.length >= MOST_FILES) break;
    const text = affected.includes(file) ? undefined : await checkout.read(file);
    if (text !== undefined && stems.some((stem) => text.includes(`/${stem}`))) affected.push(file);
  }
  return affected;
}

async function comparableTests(
  sandbox: Sandbox,
  checkouts: { readonly base: Checkout; readonly head: Checkout },
  runner: TestRunner,
  patch: Patch,
  files: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const [base, head] = [
    await sandbox.runTests(checkouts.base, runner, { files, plant: false, signal }),
    await sandbox.runTests(checkouts.head, runner, { files, plant: false, signal }),
  ];
  const before = new Map(base.results.map(({ id, status }) => [id, status]));
  const alike = head.results.filter(({ id, status, file, title }) => {
    const sameWork = patch.type === 'performance' && file === patch.test.file && patch.test.titles.includes(title);
    return status === 'passed' && (before.get(id) === 'passed' || (sameWork && before.has(id)));
  });
  return new Set(alike.map(({ id }) => id));
}
