import { availableParallelism } from 'node:os';
import type { TestRunnerName } from '@selfheal/contracts';
import type { TestCommand } from './command.ts';

/** What of a repository's tests is to be run, and with which of our parts loaded. */
export interface Selection {
  /** Test files to run; undefined for all that the runner finds itself. Without the planted one. */
  readonly files: readonly string[] | undefined;
  /** All test files known to us. */
  readonly known: readonly string[];
  readonly planted: readonly string[];
  /** Only tests whose full titles match, as a regular expression; full titles are joined by blanks or ` > `. */
  readonly titles: string | undefined;
  /** Folder of our reporters. */
  readonly runtime: string;
  /** Folder for coverage files; undefined where none is wanted. */
  readonly coverage: string | undefined;
  /** Absolute path of the checkout. */
  readonly root: string;
}

export interface Invocation {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The command line that runs a selection with the repository's own runner and our reporter. */
export function testInvocation(command: TestCommand, selection: Selection): Invocation {
  return INVOCATIONS[command.runner](command, selection);
}

const INVOCATIONS: Readonly<Record<TestRunnerName, (command: TestCommand, selection: Selection) => Invocation>> = {
  'node:test': nodeTest,
  vitest,
  jest,
  mocha,
};

function nodeTest(command: TestCommand, selection: Selection): Invocation {
  const argv = [
    ...command.launcher,
    ...command.options,
    '--test',
    `--test-reporter=${selection.runtime}/node-test-reporter.mjs`,
    '--test-reporter-destination=stdout',
  ];
  // By default Node leaves one processor idle, which is half of a small machine.
  const concurrency = [...command.launcher, ...command.options].some((option) => option.startsWith('--test-concurrency'));
  if (!concurrency) argv.push(`--test-concurrency=${availableParallelism()}`);
  if (selection.titles !== undefined) argv.push(`--test-name-pattern=${selection.titles}`);
  return { argv: [...argv, ...(selection.files ?? selection.known), ...selection.planted], env: preloadCoverage(command, selection) };
}

function mocha(command: TestCommand, selection: Selection): Invocation {
  const argv = [...command.launcher, ...command.options, '--no-bail', '--reporter', `${selection.runtime}/mocha-reporter.mjs`];
  if (selection.titles !== undefined) argv.push('--grep', selection.titles);
  const files = selection.files;
  // Files named on the command line come on top of those of the configuration; these are left out by name.
  if (files !== undefined) for (const other of selection.known) if (!files.includes(other)) argv.push('--ignore', other);
  return { argv: [...argv, ...(files ?? selection.known), ...selection.planted], env: preloadCoverage(command, selection) };
}

function vitest(command: TestCommand, selection: Selection): Invocation {
  const argv = [
    ...command.launcher,
    'run',
    ...command.options,
    `--reporter=${selection.runtime}/vitest-reporter.mjs`,
    '--bail=0',
    '--allowOnly',
  ];
  if (selection.titles !== undefined) argv.push('--testNamePattern', selection.titles);
  if (selection.coverage === undefined) argv.push('--coverage.enabled=false');
  else
    argv.push(
      '--coverage.enabled=true',
      '--coverage.provider=custom',
      `--coverage.customProviderModule=${selection.runtime}/vitest-coverage.mjs`,
    );
  const filters = selection.files ?? command.targets;
  return {
    argv: [...argv, ...filters, ...(filters.length > 0 ? selection.planted : [])],
    env: { ...command.env, ...coverageEnvironment(selection) },
  };
}

function jest(command: TestCommand, selection: Selection): Invocation {
  const argv = [
    ...command.launcher,
    ...command.options,
    '--ci',
    '--bail=0',
    '--watchman=false',
    `--reporters=${selection.runtime}/jest-reporter.mjs`,
  ];
  if (selection.titles !== undefined) argv.push('--testNamePattern', selection.titles);
  if (selection.coverage === undefined) argv.push('--coverage=false');
  else argv.push('--coverage', '--coverageReporters=json', `--coverageDirectory=${selection.coverage}`, '--coverageThreshold={}');
  if (selection.files !== undefined) argv.push('--runTestsByPath', ...selection.files, ...selection.planted);
  else if (command.targets.length > 0) argv.push(...command.targets, ...selection.planted);
  return { argv, env: command.env };
}

function preloadCoverage(command: TestCommand, selection: Selection): Record<string, string> {
  if (selection.coverage === undefined) return { ...command.env };
  const options = [command.env.NODE_OPTIONS, `--import=file://${selection.runtime}/coverage-preload.mjs`].filter(
    (part) => part !== undefined,
  );
  return { ...command.env, ...coverageEnvironment(selection), NODE_OPTIONS: options.join(' ') };
}

function coverageEnvironment({ coverage, root }: Selection): Record<string, string> {
  return coverage === undefined ? {} : { SELFHEAL_COVERAGE_FOLDER: coverage, SELFHEAL_COVERAGE_ROOT: root };
}
