import type { Checkout, FileCoverage, Patch, Sandbox, TestRunner } from '@selfheal/contracts';
import { type Mutant, makeMutants, whyUnreached } from '@selfheal/sandbox/mutants';
import { type CoverageEvidence, MUTANTS_TO_KILL } from './prove.ts';

/** Each costs a run of the new test. */
const MOST_MUTANTS = 12;

/** Runs the new test alone: which of the named lines it executes, and how many mutants of these it notices. */
export async function gatherCoverageEvidence(
  sandbox: Sandbox,
  checkout: Checkout,
  runner: TestRunner,
  patch: Patch,
  signal: AbortSignal,
): Promise<CoverageEvidence> {
  const { file } = patch.test.target;
  const report = await sandbox.runTests(checkout, runner, { files: [patch.test.file], coverage: true, plant: false, signal });
  const lines = namedLines(
    patch,
    report.coverage?.find(({ path }) => path === file),
  );
  const covered = lines.filter(([, count]) => count > 0).map(([line]) => line);
  const source = await checkout.read(file);
  const mutants = source === undefined ? [] : makeMutants(file, source, new Set(covered)).slice(0, MOST_MUTANTS);
  // A mutant may loop for ever; twice the time of a good run, and time to start, is enough to tell.
  const timeoutMs = Math.round(report.run.durationMs * 2) + 5_000;
  let [killed, total] = [0, 0];
  for (const mutant of mutants) {
    if (killed >= MUTANTS_TO_KILL) break;
    total += 1;
    if (await isKilled(sandbox, checkout, runner, patch, { mutant, source: source ?? '', timeoutMs, signal })) killed += 1;
  }
  const uncovered = lines.filter(([, count]) => count === 0).map(([line]) => line);
  const reasons = new Map(
    uncovered.flatMap((line): [number, string][] => {
      const why = whyUnreached(file, source ?? '', line);
      return why === undefined ? [] : [[line, why]];
    }),
  );
  return { covered, uncovered, reasons, mutants: { killed, total } };
}

interface Trial {
  readonly mutant: Mutant;
  readonly source: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function isKilled(sandbox: Sandbox, checkout: Checkout, runner: TestRunner, patch: Patch, trial: Trial): Promise<boolean> {
  const { mutant, source, timeoutMs, signal } = trial;
  const { file } = patch.test.target;
  await checkout.apply([{ file, search: source, replace: mutant.text }]);
  try {
    const { results } = await sandbox.runTests(checkout, runner, { files: [patch.test.file], plant: false, timeoutMs, signal });
    const passed = new Set(results.filter(({ status }) => status === 'passed').map(({ title }) => title));
    return !patch.test.titles.every((title) => passed.has(title));
  } finally {
    await checkout.apply([{ file, search: mutant.text, replace: source }]);
  }
}

/** Executable lines of the test's target with their counts: the span that it names, else the whole function. */
function namedLines({ test }: Patch, coverage: FileCoverage | undefined): [number, number][] {
  const { line, endLine, functionStart, functionEnd } = test.target;
  const [from, to] = endLine === undefined ? [functionStart ?? line, functionEnd ?? line] : [line, endLine];
  return Object.entries(coverage?.lines ?? {}).flatMap(([at, count]) =>
    Number(at) >= from && Number(at) <= to ? [[Number(at), count] satisfies [number, number]] : [],
  );
}
