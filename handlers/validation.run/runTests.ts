import type { Checkout, Handler, Patch, Proof, Sandbox, TestComparison, TestReport, TestRunner } from '@selfheal/contracts';
import { compareResults, differingTests, type Runs } from './proof/compare-results.ts';
import { gatherCoverageEvidence } from './proof/coverage-evidence.ts';
import { withHeartbeat } from './proof/heartbeat.ts';
import { passingNegated } from './proof/negated-test.ts';
import { prove } from './proof/prove.ts';
import { checkoutBase, checkoutHead, runnerOf } from './proof/trees.ts';

/**
 * How often new tests, and tests whose result differs, are run after the suite to tell luck from cause: four results on each side. A test
 * that fails every other time by chance alone fails four times and then passes four times once in 256.
 */
const REPEATS = 3;
/** Where more files than this differ, something broke; running them again would tell nothing new. */
const MOST_FILES = 10;

/**
 * validation.run, movement prove. Runs the whole suite on the base and on the patched code, both with the new test, compares every test,
 * and gives the proof of the incident's class.
 * Reads: the commits of applyPatch. Writes: private copies that are removed again. Fails: SANDBOX_MISSING, RUNNER_UNKNOWN,
 * REPO_INSTALL_FAILED, CANCELLED.
 */
export const runTests: Handler<'runTests'> = async ({ patch, codebase, trees }, { sandbox, beat }) => {
  const { base: baseCommit, head: headCommit } = trees;
  if (headCommit === undefined) return notApplied(patch);
  const both = { base: baseCommit, head: headCommit };
  const runner = runnerOf(codebase, patch);
  return withHeartbeat(beat, async (say) => {
    const { signal } = beat;
    const run = { sandbox, runner, signal };
    say('preparing copies of the base and the patched code');
    await using base = await checkoutBase(sandbox, patch, both);
    await using head = await checkoutHead(sandbox, patch, both, runner);
    say('running all tests on the base and on the patched code');
    const [baseSuite, headSuite] = await Promise.all([
      sandbox.runTests(base, runner, { signal }),
      sandbox.runTests(head, runner, { signal }),
    ]);

    const again = filesOf([baseSuite, headSuite], differingTests(baseSuite, headSuite, patch));
    const files = [...new Set([patch.test.file, ...again])];
    say('running new and differing tests again');
    const [baseAgain, headAgain] = await Promise.all([repeat(run, base, files, REPEATS), repeat(run, head, files, REPEATS)]);
    const baseRuns: Runs = [baseSuite, ...baseAgain];
    const headRuns: Runs = [headSuite, ...headAgain];
    const comparison = compareResults(baseRuns, headRuns, patch);

    say('running the new test with its assertions turned round');
    const hollow = await passingNegated(sandbox, head, runner, patch, signal);
    say('trying mutants on the new test');
    const evidence = patch.type === 'coverage' ? await gatherCoverageEvidence(sandbox, head, runner, patch, signal) : undefined;
    return { tests: comparison.tests, proof: prove(patch, comparison, [...baseRuns, ...headRuns], { evidence, hollow }) };
  });
};

interface RunWith {
  readonly sandbox: Sandbox;
  readonly runner: TestRunner;
  readonly signal: AbortSignal;
}

async function repeat(
  { sandbox, runner, signal }: RunWith,
  checkout: Checkout,
  files: readonly string[],
  times: number,
): Promise<TestReport[]> {
  const reports: TestReport[] = [];
  for (let time = 0; time < times; time += 1) reports.push(await sandbox.runTests(checkout, runner, { files, signal }));
  return reports;
}

function filesOf(reports: readonly TestReport[], ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  const files = new Set(
    reports.flatMap(({ results }) => results.filter(({ id, file }) => wanted.has(id) && file !== '').map(({ file }) => file)),
  );
  return files.size > MOST_FILES ? [] : [...files];
}

function notApplied(patch: Patch): { tests: TestComparison; proof: Proof } {
  const tests = { passed: 0, failed: 0, skipped: 0, changed: [], newTests: [], flaky: [], durationMs: 0 };
  return {
    tests,
    proof: { class: patch.type, holds: false, headPasses: false, plantedFailureSeen: false, detail: 'the patch does not apply' },
  };
}
