import type { Patch, Proof, TestReport } from '@selfheal/contracts';
import type { Comparison } from './compare-results.ts';

/** What only the coverage class needs. */
export interface CoverageEvidence {
  readonly covered: readonly number[];
  readonly uncovered: readonly number[];
  /** Why not every call runs an uncovered line; a line without a reason is one that the test has missed. */
  readonly reasons: ReadonlyMap<number, string>;
  readonly mutants: { readonly killed: number; readonly total: number };
}

/** Of the named lines, so large a share must run, whatever the reasons for the others. */
const LEAST_COVERED = 0.75;

/** So many mutants must die, or all where fewer can be made. */
export const MUTANTS_TO_KILL = 3;

/**
 * The proof of the incident's class (design, decision 6). error, behavioral, performance: the new test fails on the base and passes on
 * the head. coverage: it passes on both, runs every named line that no condition keeps from running, and most of
 * the others, and kills mutants of them. For all, each planted failing test was
 * reported as failed in every run, and no new test gave both results on the same code. `hollow`: titles of new tests that pass also
 * where their assertions are turned round.
 */
export function prove(
  patch: Patch,
  comparison: Comparison,
  reports: readonly TestReport[],
  { evidence, hollow = [] }: { readonly evidence?: CoverageEvidence | undefined; readonly hollow?: readonly string[] } = {},
): Proof {
  const plantedFailureSeen = reports.every((report) => report.plantedFailureSeen && !report.forged);
  const baseFails = [...comparison.newOnBase.values()].some((statuses) => statuses.every((status) => status === 'failed'));
  const basePasses = allPassed(comparison.newOnBase);
  const headPasses = allPassed(comparison.newOnHead);
  const faults = plantedFailureSeen ? [] : [distrust(reports)];
  const flaky = [comparison.newOnBase, comparison.newOnHead].flatMap((titles) => [...titles].filter(([, runs]) => isFlaky(runs)));
  if (flaky.length > 0) faults.push(`the new test gave both results on the same code (${told(new Map(flaky))})`);
  if (hollow.length > 0) faults.push(`the new test passes also with its assertions turned round: ${hollow.join(', ')}`);
  if (!headPasses) faults.push(`the new test does not pass on the patched code (${told(comparison.newOnHead)})`);
  if (patch.type === 'coverage') faults.push(...coverageFaults(basePasses, evidence));
  else if (!baseFails) faults.push(`the new test does not fail on the unpatched code (${told(comparison.newOnBase)})`);
  return {
    class: patch.type,
    holds: faults.length === 0,
    baseFails,
    headPasses,
    ...(evidence === undefined ? {} : { mutants: { ...evidence.mutants } }),
    plantedFailureSeen,
    detail: faults.length === 0 ? success(patch, evidence) : faults.join('; '),
  };
}

function isFlaky(runs: readonly string[]): boolean {
  return runs.includes('passed') && runs.includes('failed');
}

function allPassed(statuses: ReadonlyMap<string, readonly string[]>): boolean {
  return statuses.size > 0 && [...statuses.values()].every((runs) => runs.every((status) => status === 'passed'));
}

function coverageFaults(basePasses: boolean, evidence: CoverageEvidence | undefined): string[] {
  const faults = basePasses
    ? []
    : ['the new test does not pass on the unpatched code: what it asserts is an error to be reported, not a gap in the tests'];
  if (evidence === undefined) return faults;
  const { covered, uncovered, mutants } = evidence;
  if (covered.length === 0) faults.push('the new test runs none of the named lines');
  const missed = uncovered.filter((line) => !evidence.reasons.has(line));
  const total = covered.length + uncovered.length;
  if (missed.length > 0) faults.push(`the new test does not run lines that every call runs: ${missed.join(', ')}`);
  if (covered.length < LEAST_COVERED * total)
    faults.push(`the new test runs only ${covered.length} of ${total} named lines${leftOut(evidence)}`);
  if (mutants.killed === 0 || mutants.killed < Math.min(MUTANTS_TO_KILL, mutants.total))
    faults.push(`the new test killed ${mutants.killed} of ${mutants.total} mutants`);
  return faults;
}

function distrust(reports: readonly TestReport[]): string {
  if (reports.some(({ forged }) => forged)) return 'a planted failing test was not reported as failed: the results are not to be trusted';
  return `a test run broke off: ${reports.flatMap(({ results }) => results).find(({ id }) => id === 'test run')?.error?.message ?? 'no reason was given'}`;
}

function success({ type, test }: Patch, evidence: CoverageEvidence | undefined): string {
  if (type !== 'coverage') return `fails on the base, passes on the head: ${test.titles.join(', ')}`;
  const { covered = [], uncovered = [], mutants = { killed: 0, total: 0 } } = evidence ?? {};
  const lines = `${covered.length} of ${covered.length + uncovered.length} named lines${evidence === undefined ? '' : leftOut(evidence)}`;
  return `passes on both, runs ${lines}, killed ${mutants.killed} of ${mutants.total} mutants: ${test.titles.join(', ')}`;
}

/** " (not line 7: needs `zone`)" */
function leftOut({ uncovered, reasons }: CoverageEvidence): string {
  if (uncovered.length === 0) return '';
  return ` (not ${uncovered.map((line) => `line ${line}: ${reasons.get(line) ?? 'missed'}`).join('; ')})`;
}

function told(statuses: ReadonlyMap<string, readonly string[]>): string {
  return [...statuses].map(([title, runs]) => `${title}: ${[...new Set(runs)].join(', ')}`).join('; ');
}
