import type { CoverageCheck, FileCoverage, Handler } from '@selfheal/contracts';
import { changedLines } from '@selfheal/sandbox';
import { withHeartbeat } from './proof/heartbeat.ts';
import { checkoutHead, runnerOf } from './proof/trees.ts';

/**
 * validation.run, movement prove. Runs the suite with coverage on the patched code: are the production lines that the patch changed
 * executed by a test? Absent where coverage could not be had.
 * Reads: the commits of applyPatch. Writes: a private copy that is removed again. Fails: SANDBOX_MISSING, RUNNER_UNKNOWN, CANCELLED.
 */
export const checkCoverage: Handler<'checkCoverage'> = async ({ patch, codebase, trees }, { sandbox, beat, project }) => {
  const { base, head } = trees;
  if (head === undefined) return {};
  const runner = runnerOf(codebase, patch);
  return withHeartbeat(beat, async (say) => {
    say('measuring coverage of the changed lines');
    await using checkout = await checkoutHead(sandbox, patch, { base, head }, runner);
    const { coverage } = await sandbox.runTests(checkout, runner, { coverage: true, signal: beat.signal });
    if (coverage === undefined || coverage.every(neverRan)) return {};
    const changed = await changedLines({ root: project.root, base, head });
    for (const file of [...patch.testFiles, ...runner.testFiles]) changed.delete(file);
    return { coverage: summarise(coverage, changed) };
  });
};

function neverRan(file: FileCoverage): boolean {
  return Object.values(file.lines).every((count) => count === 0);
}

/** Shares in 0..1 over all source files; changed lines one by one. A changed line on which no statement starts is not executable. */
function summarise(coverage: readonly FileCoverage[], changed: ReadonlyMap<string, readonly number[]>): CoverageCheck {
  const lines = coverage.flatMap((file) => Object.values(file.lines));
  const functions = coverage.flatMap((file) => file.functions.map(({ count }) => count));
  const uncovered: string[] = [];
  let total = 0;
  for (const file of coverage) {
    for (const line of changed.get(file.path) ?? []) {
      const count = file.lines[String(line)];
      if (count === undefined) continue;
      total += 1;
      if (count === 0) uncovered.push(`${file.path}:${line}`);
    }
  }
  const branches = { covered: sum(coverage.map((file) => file.branches.covered)), total: sum(coverage.map((file) => file.branches.total)) };
  return {
    lines: share(lines.filter((count) => count > 0).length, lines.length),
    functions: share(functions.filter((count) => count > 0).length, functions.length),
    branches: share(branches.covered, branches.total),
    changedLines: { covered: total - uncovered.length, total, uncovered },
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
