import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, SelfhealError, type TestReport, type TestRunner, type TestRunOptions } from '@selfheal/contracts';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import type { Mount } from '../confine/plan.ts';
import { readCoverage } from '../coverage/read-coverage.ts';
import { builtFrom } from './built-tests.ts';
import { parseDelegation, type TestCommand } from './command.ts';
import { type Detected, detectTestRunner, readScripts } from './detect.ts';
import { testInvocation } from './invocation.ts';
import { brokenRun, judge } from './judge-report.ts';
import { filesByMember, mergeReports } from './member-reports.ts';
import { plantTests } from './plant.ts';
import { readSignedReport } from './signed-report.ts';
import { changedSince, lookAt } from './tampering.ts';
import { withWritableCaches } from './writable-caches.ts';

/** Runs one command in the checkout, confined. */
export type ConfinedStep = (step: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Where it runs, relative to the checkout. */
  readonly folder: string;
  readonly input?: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}) => Promise<RunResult>;

const RUNTIME = fileURLToPath(new URL('../runtime', import.meta.url));

/**
 * Runs tests of a checkout with the repository's own runner and our reporter; in a workspace with that of each package. Fails with
 * RUNNER_UNKNOWN where the command of `runner` is not one that we read, or a chosen file is in no package with a runner; whatever goes
 * wrong inside the run is a failed result, not an error.
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
  return runner.members === undefined
    ? runPackage(checkout, { folder: '', command: runner.command }, options, timed)
    : runWorkspace(checkout, runner, options, timed);
}

/** Each package whose files are asked for, one after the other, after what the command prepares for all. */
async function runWorkspace(
  checkout: RepositoryCheckout,
  { command, members = [] }: TestRunner,
  options: TestRunOptions,
  step: ConfinedStep,
): Promise<TestReport> {
  const { prepare } = parseDelegation(command, await readScripts(checkout.path)) ?? { prepare: [] };
  const broken = await runPreparation(checkout, '', { prepare, env: {} }, step);
  if (broken !== undefined) return broken;
  const reports: TestReport[] = [];
  for (const { member, files } of filesByMember(members, options.files)) {
    reports.push(await runPackage(checkout, member, { ...options, ...(files === undefined ? {} : { files }) }, step));
  }
  return mergeReports(reports);
}

async function runPackage(
  checkout: RepositoryCheckout,
  place: { folder: string; command: string },
  options: TestRunOptions,
  step: ConfinedStep,
): Promise<TestReport> {
  const before = await requireRunner(checkout, place);
  const broken = await runPreparation(checkout, place.folder, before.command, step);
  if (broken !== undefined) return broken;
  // What the command names may have been built only now.
  const ready = before.command.prepare.length === 0 ? before : await requireRunner(checkout, place);
  const suite = await openSuite(checkout, place.folder, ready, options);
  if (suite.known.length > 0 || options.plant === false) return runSuite(suite, options, step);
  // The test files are known to the runner alone: a first run tells where to plant.
  const learned = await runSuite(suite, { ...options, plant: false, coverage: false }, step);
  const files = [...new Set(learned.results.map(({ file }) => file))].filter((file) => file !== '');
  return files.length === 0 ? learned : runSuite({ ...suite, known: files }, options, step);
}

/** Runs what the tests need first; the report of its failure where it fails. */
async function runPreparation(
  checkout: RepositoryCheckout,
  folder: string,
  { prepare, env }: Pick<TestCommand, 'prepare' | 'env'>,
  step: ConfinedStep,
): Promise<TestReport | undefined> {
  for (const line of prepare) {
    const run = await step({ argv: ['sh', '-c', line], env, mounts: checkout.mounts, folder });
    if (run.exitCode !== 0) return { results: [brokenRun(line, run)], forged: false, plantedFailureSeen: false, run };
  }
  return undefined;
}

/** The tests of a checkout as they are run: possibly build output of their sources. */
interface Suite {
  readonly checkout: RepositoryCheckout;
  /** Where the runner runs, relative to the checkout; empty for its top. */
  readonly folder: string;
  readonly command: TestCommand;
  /** Files that the runner knows, relative to the checkout as all paths here. */
  readonly known: readonly string[];
  readonly selected: readonly string[] | undefined;
  /** Files that tell the runner what to run. */
  readonly settings: readonly string[];
  /** Source file by built file. */
  readonly sources: ReadonlyMap<string, string>;
}

async function requireRunner(checkout: RepositoryCheckout, { folder, command }: { folder: string; command: string }): Promise<Detected> {
  const detected = await detectTestRunner(join(checkout.path, folder), command);
  if (detected === undefined)
    throw new SelfhealError('RUNNER_UNKNOWN', command, { where: { command, ...(folder === '' ? {} : { folder }) } });
  return detected;
}

async function openSuite(
  checkout: RepositoryCheckout,
  folder: string,
  { command, runner }: Detected,
  { files }: TestRunOptions,
): Promise<Suite> {
  const own = runner.testFiles.map((file) => posix.join(folder, file));
  const sources = command.prepare.length === 0 ? new Map<string, string>() : await builtFrom(checkout, own);
  const built = new Map([...sources].map(([from, source]) => [source, from]));
  const selected = files?.map((file) => built.get(file) ?? file);
  const settings = ['package.json', ...(runner.configFile === undefined ? [] : [runner.configFile])].map((file) =>
    posix.join(folder, file),
  );
  return { checkout, folder, command, sources, selected, settings, known: [...new Set([...own, ...(selected ?? [])])] };
}

async function runSuite(suite: Suite, options: TestRunOptions, step: ConfinedStep): Promise<TestReport> {
  const { checkout, folder, command, known, selected, sources } = suite;
  const inFolder = (files: readonly string[]) => (folder === '' ? files : files.map((file) => posix.relative(folder, file)));
  const plant = options.plant === false ? undefined : await plantTests(checkout, command, known, selected);
  const order = await makeOrder(checkout, options.coverage === true);
  try {
    const { argv, env } = testInvocation(command, {
      files: selected === undefined ? undefined : inFolder(selected),
      known: inFolder(known),
      planted: inFolder(plant?.files ?? []),
      titles: options.titles === undefined ? undefined : { names: options.titles, plant: plant?.token },
      runtime: RUNTIME,
      coverage: order.coverage,
      root: checkout.path,
    });
    const own: Mount[] = [
      { kind: 'read', from: RUNTIME, to: RUNTIME },
      { kind: 'write', from: order.folder, to: order.folder },
    ];
    const input = JSON.stringify({ file: order.file, key: order.key, root: checkout.path });
    const deciding = [...new Set([...known, ...(plant?.files ?? []), ...suite.settings])];
    const before = await lookAt(checkout.path, deciding);
    const run = await step({ argv, env, mounts: [...(await mountsFor(suite)), ...own], folder, input });
    const tampered = changedSince(before, await lookAt(checkout.path, deciding));
    const report = await readSignedReport(order.file, order.key);
    const judged = judge(report, run, { plant, root: checkout.path, options, sources, tampered });
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

async function mountsFor({ command, checkout, folder }: Suite): Promise<readonly Mount[]> {
  if (command.runner !== 'vitest' && command.runner !== 'ava') return checkout.mounts;
  return withWritableCaches(checkout.mounts, join(checkout.path, folder));
}
