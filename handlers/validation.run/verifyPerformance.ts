import { basename, extname } from 'node:path';
import type { Checkout, Handler, Patch, PerformanceCheck, TestResult, TestRunner } from '@selfheal/contracts';
import { comparePerformance, exceedsNoise } from '@selfheal/sandbox';
import { withHeartbeat } from './proof/heartbeat.ts';
import { checkoutBase, checkoutHead, runnerOf } from './proof/trees.ts';

/** The rank test needs at least four pairs to say anything; more only while they are cheap. */
const PAIRS = { least: 4, most: 8 };
const BUDGET_MS = 8_000;
const MOST_FILES = 8;

/**
 * validation.run, movement prove. Times the tests that touch the changed code on the base and on the patched code: is it slower?
 * Where the incident is about time, or where one run of each side hints at a slowdown, they run by turns and are compared by ranks.
 * Compared are tests that end alike on both; in a performance incident also the new one, which does the same work on both. Absent
 * where no such test runs.
 * Reads: the commits of applyPatch. Writes: private copies that are removed again. Fails: SANDBOX_MISSING, RUNNER_UNKNOWN, CANCELLED.
 */
export const verifyPerformance: Handler<'verifyPerformance'> = async ({ patch, codebase, trees }, { sandbox, beat }) => {
  const { base: baseCommit, head: headCommit } = trees;
  // A patch without production code makes nothing slower.
  if (headCommit === undefined || patch.candidate === undefined) return {};
  const both = { base: baseCommit, head: headCommit };
  const runner = runnerOf(codebase, patch);
  return withHeartbeat(beat, async (say) => {
    say('timing the affected tests');
    await using base = await checkoutBase(sandbox, patch, both);
    await using head = await checkoutHead(sandbox, patch, both, runner);
    const files = await affectedTests(head, runner, patch);
    const run = async (checkout: Checkout): Promise<TestResult[]> =>
      (await sandbox.runTests(checkout, runner, { files, plant: false, signal: beat.signal })).results;
    const startedAt = performance.now();
    const [before, after] = [await run(base), await run(head)];
    const pairCost = performance.now() - startedAt;
    const comparable = comparableTests(before, after, patch);
    if (comparable.size === 0) return {};

    const [baseMs, headMs] = [timeOf(before, comparable), timeOf(after, comparable)];
    if (patch.type !== 'performance' && !exceedsNoise(baseMs, headMs)) return { performance: oneLook(baseMs, headMs) };
    say('timing the affected tests by turns');
    const pairs = Math.min(PAIRS.most, Math.max(PAIRS.least, Math.floor(BUDGET_MS / pairCost)));
    const timed = (checkout: Checkout) => async (): Promise<number> => timeOf(await run(checkout), comparable);
    return { performance: await comparePerformance(timed(base), timed(head), { pairs, signal: beat.signal }) };
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

function comparableTests(base: readonly TestResult[], head: readonly TestResult[], patch: Patch): Set<string> {
  const before = new Map(base.map(({ id, status }) => [id, status]));
  const alike = head.filter(({ id, status, file, title }) => {
    const sameWork = patch.type === 'performance' && file === patch.test.file && patch.test.titles.includes(title);
    return status === 'passed' && (before.get(id) === 'passed' || (sameWork && before.has(id)));
  });
  return new Set(alike.map(({ id }) => id));
}

function timeOf(results: readonly TestResult[], ids: ReadonlySet<string>): number {
  return results.filter(({ id }) => ids.has(id)).reduce((total, { durationMs = 0 }) => total + durationMs, 0);
}

function oneLook(baselineMs: number, currentMs: number): PerformanceCheck {
  const detail = `no slowdown beyond noise: ${baselineMs.toFixed(1)} ms before, ${currentMs.toFixed(1)} ms after, one run each`;
  return {
    improved: false,
    slower: false,
    improvement: baselineMs === 0 ? 0 : (baselineMs - currentMs) / baselineMs,
    baselineMs,
    currentMs,
    pValue: 1,
    runs: 1,
    detail,
  };
}
