import type { RunResult, TestReport, TestResult, TestRunOptions } from '@selfheal/contracts';
import type { Plant } from './plant.ts';
import type { ReportedTest, SignedReport } from './signed-report.ts';

export interface JudgeBy {
  readonly plant: Plant | undefined;
  /** Absolute path of the checkout; taken off the paths in messages. */
  readonly root: string;
  readonly options: TestRunOptions;
  /** Source file by built file. */
  readonly sources: ReadonlyMap<string, string>;
  /** Tests and settings that the run itself changed. */
  readonly tampered: readonly string[];
}

/** Turns a report into results, and decides whether it can be believed. */
export function judge(report: SignedReport, run: RunResult, { plant, root, options, sources, tampered }: JudgeBy): TestReport {
  const planted = report.tests.filter((test) => plant !== undefined && test.path.some((title) => title.includes(plant.token)));
  const own = report.tests
    .filter((test) => !planted.includes(test))
    .map((test) => ({ ...test, file: sources.get(test.file) ?? test.file }))
    .filter((test) => isSelected(test, options));
  const results = toResults(own, root);
  const plantedFailureSeen = plant !== undefined && planted.some((test) => plant.files.includes(test.file) && test.status === 'failed');
  const failed = results.some((result) => result.status === 'failed');
  // A runner that was cut short by us or crashed leaves a short report honestly: its exit code says so too.
  const claimsSuccess = run.exitCode === 0;
  if (!report.ended) results.push(brokenRun('test run', run));
  // A file that passes without the failing tests at its end is another file than the one that was to run.
  const isReplaced = (file: string): boolean =>
    own.some((test) => test.file === file && test.status === 'passed') && !planted.some((test) => test.file === file);
  const forged =
    !report.genuine ||
    tampered.length > 0 ||
    (report.ended && (plant?.within ?? []).some(isReplaced)) ||
    (claimsSuccess && (!report.ended || failed || planted.some((test) => test.status === 'failed'))) ||
    (plant !== undefined && report.ended && !plantedFailureSeen) ||
    planted.some((test) => test.status === 'passed');
  // Our own planted failure alone is no failure of the repository.
  const exitCode = report.ended && !failed && plantedFailureSeen ? 0 : run.exitCode;
  return { results, forged, plantedFailureSeen, run: { ...run, exitCode } };
}

function isSelected(test: ReportedTest, options: TestRunOptions): boolean {
  if (test.file === '' || test.path.length === 0) return true;
  if (options.files !== undefined && !options.files.includes(test.file)) return false;
  return options.titles === undefined || options.titles.includes(test.path.join(' > '));
}

function toResults(tests: readonly ReportedTest[], root: string): TestResult[] {
  const seen = new Map<string, number>();
  return tests.map(({ file, path, status, ms, error }) => {
    const title = path.length === 0 ? file : path.join(' > ');
    const id = path.length === 0 ? file : `${file} > ${title}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    const relative = (text: string): string => text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');
    return {
      id: times === 1 ? id : `${id} (${times})`,
      file,
      title,
      status,
      ...(ms === undefined ? {} : { durationMs: ms }),
      ...(error === undefined
        ? {}
        : { error: { message: relative(error.message), ...(error.stack ? { stack: relative(error.stack) } : {}) } }),
    };
  });
}

/** A run that broke off, as a failed result of its own: what the callers compare must not look green. */
export function brokenRun(what: string, run: RunResult): TestResult {
  const said = `${run.stderr}\n${run.stdout}`.trim().slice(-2_000);
  const why = run.timedOut ? 'did not end in time' : `ended early with exit code ${run.exitCode}`;
  return { id: what, file: '', title: what, status: 'failed', error: { message: `${what} ${why}${said === '' ? '' : `: ${said}`}` } };
}
