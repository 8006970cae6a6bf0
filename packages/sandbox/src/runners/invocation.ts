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
  /** Only the tests of these full titles (joined by ` > `), and planted ones, by the word in their titles. */
  readonly titles: { readonly names: readonly string[]; readonly plant: string | undefined } | undefined;
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
  ava,
  tap,
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
  if (selection.titles !== undefined) argv.push(`--test-name-pattern=${titlePattern(selection.titles)}`);
  return { argv: [...argv, ...(selection.files ?? selection.known), ...selection.planted], env: preloadCoverage(command, selection) };
}

function mocha(command: TestCommand, selection: Selection): Invocation {
  const argv = [...command.launcher, ...command.options, '--no-bail', '--reporter', `${selection.runtime}/mocha-reporter.mjs`];
  if (selection.titles !== undefined) argv.push('--grep', titlePattern(selection.titles));
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
  if (selection.titles !== undefined) argv.push('--testNamePattern', titlePattern(selection.titles));
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
  if (selection.titles !== undefined) argv.push('--testNamePattern', titlePattern(selection.titles));
  if (selection.coverage === undefined) argv.push('--coverage=false');
  else argv.push('--coverage', '--coverageReporters=json', `--coverageDirectory=${selection.coverage}`, '--coverageThreshold={}');
  if (selection.files !== undefined) argv.push('--runTestsByPath', ...selection.files, ...selection.planted);
  else if (command.targets.length > 0) argv.push(...command.targets, ...selection.planted);
  return { argv, env: command.env };
}

/** ava has no reporters of one's own: ours takes the place of its TAP reporter as that is loaded. */
function ava(command: TestCommand, selection: Selection): Invocation {
  const argv = [...command.launcher, ...command.options, '--tap', '--no-fail-fast'];
  for (const title of selection.titles?.names ?? []) argv.push(`--match=${avaPattern(title)}`);
  if (selection.titles?.plant !== undefined) argv.push(`--match=${selection.titles.plant}*`);
  const env = preloadCoverage(command, selection);
  const files = selection.files ?? command.targets;
  return {
    argv: [...argv, ...files, ...(files.length > 0 ? selection.planted : [])],
    env: { ...env, NODE_OPTIONS: withImport(env.NODE_OPTIONS, `${selection.runtime}/ava-hook.mjs`) },
  };
}

/** In ava's patterns `*` is anything, also itself, and `!` in front turns a pattern round. */
function avaPattern(title: string): string {
  return title.startsWith('!') ? `*${title.slice(1)}` : title;
}

/** tap's tests are programs that print TAP: each file is run by itself, and what it prints is read. */
function tap(command: TestCommand, selection: Selection): Invocation {
  const files = [...(selection.files ?? selection.known), ...selection.planted];
  return {
    argv: [
      'node',
      `${selection.runtime}/tap-runner.mjs`,
      JSON.stringify({ node: nodeOptions(command.options), files, jobs: availableParallelism() }),
    ],
    env: preloadCoverage(command, selection),
  };
}

/** `--node-arg=--no-warnings` is an option of Node within one of tap. */
function nodeOptions(options: readonly string[]): string[] {
  const given = options.map((option) => option.replace(/^--node-arg=/, ''));
  return given.filter((option) => option !== '--node-arg');
}

function preloadCoverage(command: TestCommand, selection: Selection): Record<string, string> {
  if (selection.coverage === undefined) return { ...command.env };
  const options = withImport(command.env.NODE_OPTIONS, `${selection.runtime}/coverage-preload.mjs`);
  return { ...command.env, ...coverageEnvironment(selection), NODE_OPTIONS: options };
}

function withImport(options: string | undefined, file: string): string {
  return [options, `--import=file://${file}`].filter((part) => part !== undefined).join(' ');
}

/** Runners join titles by blanks, some by ` > `; ours are joined by ` > `. */
function titlePattern({ names, plant }: NonNullable<Selection['titles']>): string {
  const escaped = names.map((title) =>
    title
      .split(' > ')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('( > | )'),
  );
  return `^\\s*(${[...escaped, ...(plant === undefined ? [] : [`${plant}.*`])].join('|')})$`;
}

function coverageEnvironment({ coverage, root }: Selection): Record<string, string> {
  return coverage === undefined ? {} : { SELFHEAL_COVERAGE_FOLDER: coverage, SELFHEAL_COVERAGE_ROOT: root };
}
