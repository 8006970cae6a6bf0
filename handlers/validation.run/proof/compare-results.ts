import type { Patch, TestComparison, TestReport, TestResult } from '@selfheal/contracts';

/** What runs of one tree showed, the full suite first and then the repeated parts of it. */
export type Runs = readonly [TestReport, ...TestReport[]];

export interface Comparison {
  readonly tests: TestComparison;
  /** Statuses of each new test over all runs of a tree, by title; `absent` where a run that should have had it did not. */
  readonly newOnBase: ReadonlyMap<string, readonly string[]>;
  readonly newOnHead: ReadonlyMap<string, readonly string[]>;
}

/** True for a result of a test that the patch adds. */
export function isNewTest(result: TestResult, { test }: Patch): boolean {
  if (result.file !== test.file) return false;
  return test.titles.includes(result.title) || test.edits.some((edit) => edit.file === test.file && edit.search === '');
}

/** Tests, new ones aside, whose result differs between two full runs: those worth a second look. */
export function differingTests(base: TestReport, head: TestReport, patch: Patch): string[] {
  const [before, after] = [statuses(base), statuses(head)];
  const added = new Set([...base.results, ...head.results].filter((result) => isNewTest(result, patch)).map(({ id }) => id));
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => !added.has(id) && before.get(id) !== after.get(id));
}

/**
 * Compares all runs of base and head. A test that gave both results on the base was flaky before and says nothing of the patch; one
 * that did so on the head alone has changed.
 */
export function compareResults(base: Runs, head: Runs, patch: Patch): Comparison {
  const flaky = new Set<string>();
  const changed: TestComparison['changed'] = [];
  for (const runs of [base, head]) for (const id of bothResults(runs)) flaky.add(id);
  for (const id of differingTests(base[0], head[0], patch)) {
    const [before, after] = [seen(base, id), seen(head, id)];
    if (before.size === 1) changed.push({ id, base: [...before].join(), head: after.size > 1 ? 'flaky' : [...after].join() });
  }
  const results = head[0].results;
  const count = (status: TestResult['status']): number => results.filter((result) => result.status === status).length;
  return {
    tests: {
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      changed: changed.filter((one) => one.base !== one.head),
      newTests: results.filter((result) => isNewTest(result, patch)),
      flaky: [...flaky],
      durationMs: Math.round(base[0].run.durationMs + head[0].run.durationMs),
    },
    newOnBase: newStatuses(base, patch),
    newOnHead: newStatuses(head, patch),
  };
}

/** Tests, new ones too, that both passed and failed on the same code. */
function bothResults(runs: Runs): string[] {
  const ids = new Set(runs.flatMap(({ results }) => results.map(({ id }) => id)));
  return [...ids].filter((id) => {
    const found = seen(runs, id);
    return found.has('passed') && found.has('failed');
  });
}

function statuses(report: TestReport): Map<string, string> {
  return new Map(report.results.map(({ id, status }) => [id, status]));
}

function seen(runs: Runs, id: string): Set<string> {
  const found = runs.flatMap((report) => statuses(report).get(id) ?? []);
  // A repeated run leaves out other files, so only the full run says that a test is absent.
  return new Set(statuses(runs[0]).has(id) ? found : ['absent', ...found]);
}

function newStatuses(runs: Runs, { test }: Patch): Map<string, string[]> {
  const byRun = runs.map(
    (report) => new Map(report.results.filter(({ file }) => file === test.file).map(({ title, status }) => [title, status])),
  );
  return new Map(test.titles.map((title) => [title, byRun.map((run) => run.get(title) ?? 'absent')]));
}
