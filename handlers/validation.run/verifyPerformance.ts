import { basename, extname } from 'node:path';
import type { Checkout, Handler, Patch, PerformanceCheck, TestResult, TestRunner } from '@selfheal/contracts';
import { comparePerformance, exceedsNoise } from '@selfheal/sandbox';
import { growthCurve, type MeasuredPatch } from './proof/growth-curve.ts';
import { withHeartbeat } from './proof/heartbeat.ts';
import { checkoutBase, checkoutHead, runnerOf } from './proof/trees.ts';

/** Runs beyond the first look of the comparison are made while they fit into the budget; none is made beyond the limit. Milliseconds. */
const TIME = { budgetMs: 12_000, limitMs: 120_000 };
const MOST_FILES = 8;

/**
 * validation.run, movement prove. Times the tests that touch the changed code on the base and on the patched code: is it slower?
 * Where the incident is about time, or where one of two runs of each side hints at a slowdown, they run by turns and are compared by
 * ranks: 5, 10 or 20 runs of each side, until the figures are clear. Where it is about time, the slow function is measured too with
 * inputs of growing sizes: how do its time and memory grow, before and after?
 * Compared are tests that end alike on both; in a performance incident also the new one, which does the same work on both. Absent
 * where no such test runs.
 * Reads: the commits of applyPatch. Writes: private copies that are removed again. Fails: SANDBOX_MISSING, RUNNER_UNKNOWN, CANCELLED.
 */
export const verifyPerformance: Handler<'verifyPerformance'> = async ({ patch, codebase, trees }, { sandbox, beat }) => {
  const { base, head } = trees;
  // A patch without production code makes nothing slower.
  if (head === undefined || patch.candidate === undefined) return {};
  const of: TimedPatch = { sandbox, patch, trees: { base, head }, runner: runnerOf(codebase, patch), signal: beat.signal };
  return withHeartbeat(beat, async (say) => {
    const performance = await timeTests(of, say);
    if (patch.type !== 'performance') return performance === undefined ? {} : { performance };
    say('measuring how time and memory grow with the input');
    const growth = await growthCurve(of);
    return { ...(performance === undefined ? {} : { performance }), growth };
  });
};

interface TimedPatch extends MeasuredPatch {
  readonly patch: Patch;
}

async function timeTests(
  { sandbox, patch, trees, runner, signal }: TimedPatch,
  say: (progress: string) => void,
): Promise<PerformanceCheck | undefined> {
  say('timing the affected tests');
  await using base = await checkoutBase(sandbox, patch, trees);
  await using head = await checkoutHead(sandbox, patch, trees, runner);
  const files = await affectedTests(head, runner, patch);
  const run = async (checkout: Checkout): Promise<TestResult[]> =>
    (await sandbox.runTests(checkout, runner, { files, plant: false, signal })).results;
  const [before, after] = [await run(base), await run(head)];
  const comparable = comparableTests(before, after, patch);
  if (comparable.size === 0) return undefined;

  const timed = (checkout: Checkout) => async (): Promise<number> => timeOf(await run(checkout), comparable);
  if (patch.type !== 'performance') {
    // The second time the other way round, as whoever runs first finds the caches cold.
    const second = await timed(head)();
    const pairs = [
      { baseMs: timeOf(before, comparable), headMs: timeOf(after, comparable) },
      { baseMs: await timed(base)(), headMs: second },
    ];
    if (!pairs.some(({ baseMs, headMs }) => exceedsNoise(baseMs, headMs))) return firstLook(pairs);
  }
  say('timing the affected tests by turns');
  // Awaited here: the copies are gone once this function has returned.
  return await comparePerformance(timed(base), timed(head), { ...TIME, signal });
}

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

function firstLook(pairs: readonly { readonly baseMs: number; readonly headMs: number }[]): PerformanceCheck {
  const baselineMs = Math.min(...pairs.map(({ baseMs }) => baseMs));
  const currentMs = Math.min(...pairs.map(({ headMs }) => headMs));
  const detail = `no slowdown beyond noise: ${baselineMs.toFixed(1)} ms before, ${currentMs.toFixed(1)} ms after, the better of ${pairs.length} runs each`;
  return {
    improved: false,
    slower: false,
    improvement: baselineMs === 0 ? 0 : (baselineMs - currentMs) / baselineMs,
    baselineMs,
    currentMs,
    pValue: 1,
    runs: pairs.length,
    detail,
  };
}
