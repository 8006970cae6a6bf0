import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, SelfhealError, type TestReport, type TestResult, type TestRunner, type TestRunOptions } from '@selfheal/contracts';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import type { Mount } from '../confine/plan.ts';
import { readCoverage } from '../coverage/read-coverage.ts';
import type { TestCommand } from './command.ts';
import { detectTestRunner } from './detect.ts';
import { testInvocation } from './invocation.ts';
import { type Plant, plantTests } from './plant.ts';
import { type ReportedTest, readSignedReport, type SignedReport } from './signed-report.ts';
import { withWritableCaches } from './writable-caches.ts';

/** Runs one command in the checkout, confined. */
export type ConfinedStep = (step: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly input?: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}) => Promise<RunResult>;

const RUNTIME = fileURLToPath(new URL('../runtime', import.meta.url));

/**
 * Runs tests of a checkout with the repository's own runner and our reporter. Fails with RUNNER_UNKNOWN where the command of `runner`
 * is not one that we read; whatever goes wrong inside the run is a failed result, not an error.
 */
export async function runTests(
  checkout: RepositoryCheckout,
  runner: TestRunner,
  options: TestRunOptions,
  step: ConfinedStep,
): Promise<TestReport> {
  const detected = await detectTestRunner(checkout.path, runner.command);
  if (detected === undefined) throw new SelfhealError('RUNNER_UNKNOWN', runner.command, { where: { command: runner.command } });
  const { command } = detected;
  const known = [...new Set([...detected.runner.testFiles, ...(options.files ?? [])])];
  const deadline = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  const left = (): number | undefined => (options.timeoutMs === undefined ? undefined : Math.max(1, deadline - performance.now()));

  for (const line of command.prepare) {
    const run = await step({
      argv: ['sh', '-c', line],
      env: command.env,
      mounts: checkout.mounts,
      timeoutMs: left(),
      signal: options.signal,
    });
    if (run.exitCode !== 0) return { results: [brokenRun(line, run)], forged: false, plantedFailureSeen: false, run };
  }
  const plant = options.plant === false ? undefined : await plantTests(checkout, command, known, options.files);
  const order = await makeOrder(checkout, options.coverage === true);
  try {
    const { argv, env } = testInvocation(command, {
      files: options.files,
      known,
      planted: plant?.files ?? [],
      titles: titlePattern(options.titles, plant),
      runtime: RUNTIME,
      coverage: order.coverage,
      root: checkout.path,
    });
    const mounts = [
      ...(await mountsFor(command, checkout)),
      { kind: 'read', from: RUNTIME, to: RUNTIME } as const,
      { kind: 'write', from: order.folder, to: order.folder } as const,
    ];
    const run = await step({
      argv,
      env,
      mounts,
      input: JSON.stringify({ file: order.file, key: order.key, root: checkout.path }),
      timeoutMs: left(),
      signal: options.signal,
    });
    const report = await readSignedReport(order.file, order.key);
    const judged = judge(report, run, plant, checkout.path, options);
    return order.coverage === undefined ? judged : { ...judged, coverage: await readCoverage(order.coverage, checkout, new Set(known)) };
  } finally {
    await plant?.remove();
    await rm(order.folder, { recursive: true, force: true });
  }
}

/** Where the report goes: a folder with a random name, known to the reporter alone. */
async function makeOrder(
  checkout: RepositoryCheckout,
  coverage: boolean,
): Promise<{ folder: string; file: string; key: string; coverage: string | undefined }> {
  const folder = join(checkout.folder.out, randomBytes(12).toString('hex'));
  await mkdir(join(folder, 'coverage'), { recursive: true });
  const file = join(folder, randomBytes(12).toString('hex'));
  await writeFile(file, '');
  return { folder, file, key: randomBytes(32).toString('hex'), coverage: coverage ? join(folder, 'coverage') : undefined };
}

async function mountsFor(command: TestCommand, checkout: RepositoryCheckout): Promise<readonly Mount[]> {
  if (command.runner !== 'vitest') return checkout.mounts;
  return withWritableCaches(checkout.mounts, checkout.path);
}

/** Runners join titles by blanks, some by ` > `; ours are joined by ` > `. */
function titlePattern(titles: readonly string[] | undefined, plant: Plant | undefined): string | undefined {
  if (titles === undefined) return undefined;
  const escaped = titles.map((title) =>
    title
      .split(' > ')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('( > | )'),
  );
  return `^\\s*(${[...escaped, ...(plant === undefined ? [] : [`${plant.token}.*`])].join('|')})$`;
}

/** Turns a report into results, and decides whether it can be believed. */
function judge(report: SignedReport, run: RunResult, plant: Plant | undefined, root: string, options: TestRunOptions): TestReport {
  const planted = report.tests.filter((test) => plant !== undefined && test.path.some((title) => title.includes(plant.token)));
  const own = report.tests.filter((test) => !planted.includes(test) && isSelected(test, options));
  const results = toResults(own, root);
  const plantedFailureSeen = plant !== undefined && planted.some((test) => plant.files.includes(test.file) && test.status === 'failed');
  const failed = results.some((result) => result.status === 'failed');
  // A runner that was cut short by us or crashed leaves a short report honestly: its exit code says so too.
  const claimsSuccess = run.exitCode === 0;
  if (!report.ended) results.push(brokenRun('test run', run));
  const forged =
    !report.genuine ||
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
function brokenRun(what: string, run: RunResult): TestResult {
  const said = `${run.stderr}\n${run.stdout}`.trim().slice(-2_000);
  const why = run.timedOut ? 'did not end in time' : `ended early with exit code ${run.exitCode}`;
  return { id: what, file: '', title: what, status: 'failed', error: { message: `${what} ${why}${said === '' ? '' : `: ${said}`}` } };
}
