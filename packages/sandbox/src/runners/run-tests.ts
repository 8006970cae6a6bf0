import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, SelfhealError, type TestReport, type TestRunner, type TestRunOptions } from '@selfheal/contracts';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import type { Mount } from '../confine/plan.ts';
import { readCoverage } from '../coverage/read-coverage.ts';
import { builtFrom } from './built-tests.ts';
import type { TestCommand } from './command.ts';
import { type Detected, detectTestRunner } from './detect.ts';
import { testInvocation } from './invocation.ts';
import { brokenRun, judge } from './judge-report.ts';
import { type Plant, plantTests } from './plant.ts';
import { readSignedReport } from './signed-report.ts';
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
  const deadline = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  const timed: ConfinedStep = (one) => {
    const timeoutMs = options.timeoutMs === undefined ? undefined : Math.max(1, deadline - performance.now());
    return step({ ...one, timeoutMs, signal: options.signal });
  };
  const before = await requireRunner(checkout, runner);
  for (const line of before.command.prepare) {
    const run = await timed({ argv: ['sh', '-c', line], env: before.command.env, mounts: checkout.mounts });
    if (run.exitCode !== 0) return { results: [brokenRun(line, run)], forged: false, plantedFailureSeen: false, run };
  }
  // What the command names may have been built only now.
  const suite = await openSuite(checkout, before.command.prepare.length === 0 ? before : await requireRunner(checkout, runner), options);
  if (suite.known.length > 0 || options.plant === false) return runSuite(suite, options, timed);
  // The test files are known to the runner alone: a first run tells where to plant.
  const learned = await runSuite(suite, { ...options, plant: false, coverage: false }, timed);
  const files = [...new Set(learned.results.map(({ file }) => file))].filter((file) => file !== '');
  return files.length === 0 ? learned : runSuite({ ...suite, known: files }, options, timed);
}

/** The tests of a checkout as they are run: possibly build output of their sources. */
interface Suite {
  readonly checkout: RepositoryCheckout;
  readonly command: TestCommand;
  /** Files as the runner takes them. */
  readonly known: readonly string[];
  readonly selected: readonly string[] | undefined;
  /** Source file by built file. */
  readonly sources: ReadonlyMap<string, string>;
}

async function requireRunner(checkout: RepositoryCheckout, runner: TestRunner): Promise<Detected> {
  const detected = await detectTestRunner(checkout.path, runner.command);
  if (detected === undefined) throw new SelfhealError('RUNNER_UNKNOWN', runner.command, { where: { command: runner.command } });
  return detected;
}

async function openSuite(checkout: RepositoryCheckout, { command, runner }: Detected, { files }: TestRunOptions): Promise<Suite> {
  const sources = command.prepare.length === 0 ? new Map<string, string>() : await builtFrom(checkout, runner.testFiles);
  const built = new Map([...sources].map(([from, source]) => [source, from]));
  const selected = files?.map((file) => built.get(file) ?? file);
  return { checkout, command, sources, selected, known: [...new Set([...runner.testFiles, ...(selected ?? [])])] };
}

async function runSuite(suite: Suite, options: TestRunOptions, step: ConfinedStep): Promise<TestReport> {
  const { checkout, command, known, selected, sources } = suite;
  const plant = options.plant === false ? undefined : await plantTests(checkout, command, known, selected);
  const order = await makeOrder(checkout, options.coverage === true);
  try {
    const { argv, env } = testInvocation(command, {
      files: selected,
      known,
      planted: plant?.files ?? [],
      titles: titlePattern(options.titles, plant),
      runtime: RUNTIME,
      coverage: order.coverage,
      root: checkout.path,
    });
    const own: Mount[] = [
      { kind: 'read', from: RUNTIME, to: RUNTIME },
      { kind: 'write', from: order.folder, to: order.folder },
    ];
    const input = JSON.stringify({ file: order.file, key: order.key, root: checkout.path });
    const run = await step({ argv, env, mounts: [...(await mountsFor(command, checkout)), ...own], input });
    const report = await readSignedReport(order.file, order.key);
    const judged = judge(report, run, { plant, root: checkout.path, options, sources });
    if (order.coverage === undefined) return judged;
    return { ...judged, coverage: await readCoverage(order.coverage, checkout, new Set([...known, ...sources.values()])) };
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
