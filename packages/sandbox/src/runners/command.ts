import { basename } from 'node:path';
import type { TestRunnerName } from '@selfheal/contracts';
import { splitArguments } from './runner-options.ts';
import { type ShellSegment, shellSegments } from './shell-words.ts';

/** A test command taken apart, so that it can be run again with our reporter and a choice of files. */
export interface TestCommand {
  readonly runner: TestRunnerName;
  /** How the runner is started: `['vitest']`, `['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js']`. For node:test, node and its options. */
  readonly launcher: readonly string[];
  /** The runner's own options, without those that choose reporters, watch mode, coverage or when to give up. */
  readonly options: readonly string[];
  /** Files, folders or globs named by the command. */
  readonly targets: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Commands that the script runs before the runner: builds. Linters and type checks are left out. */
  readonly prepare: readonly string[];
}

const DEPTH = 6;

/** Reads a test command; undefined where none of its parts is a runner that we know. `scripts` are those of package.json. */
export function parseTestCommand(command: string, scripts: Readonly<Record<string, string>>): TestCommand | undefined {
  const prepare: string[] = [];
  for (const segment of expandScripts(shellSegments(command), scripts)) {
    const found = readRunner(segment);
    if (found !== undefined) return { ...found, prepare };
    if (!isCheck(segment)) prepare.push(withoutLauncher(segment.text));
  }
  return undefined;
}

/** A command that runs the tests of the packages of a workspace, each by its own script. */
export interface Delegation {
  /** What runs before, as in `tsc -b && pnpm -r test`. */
  readonly prepare: readonly string[];
  /** Words of the command, among them names or folders of packages where it is for some only. */
  readonly words: readonly string[];
}

/** Reads `pnpm -r test`, `npm test --workspaces`, `yarn workspaces foreach run test`, `turbo run test`, `nx run-many -t test`, `lerna run test`. */
export function parseDelegation(command: string, scripts: Readonly<Record<string, string>>): Delegation | undefined {
  const prepare: string[] = [];
  for (const segment of expandScripts(shellSegments(command), scripts)) {
    if (delegates(segment.words)) return { prepare, words: segment.words };
    if (!isCheck(segment)) prepare.push(withoutLauncher(segment.text));
  }
  return undefined;
}

const MONOREPO_TOOLS = /^(turbo|nx|lerna|wsrun|ultra|lage|moon)$/;
const WORKSPACE_OPTION = /^(-r|--recursive|-ws|--workspaces?|-w|-F|--filter|-C|--dir|--cwd|--prefix)(=|$)/;

function delegates(words: readonly string[]): boolean {
  const named = words.map((word) => basename(word));
  const tool = named.findIndex((word) => MONOREPO_TOOLS.test(word));
  if (tool >= 0 && tool <= 2) return true;
  return isForPackages(words);
}

/** npm takes its own options anywhere before `--`; the others hand what comes behind the script's name to the script. */
function isForPackages([tool = '', ...words]: readonly string[]): boolean {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(tool)) return false;
  const said = words.filter((word) => word !== 'run');
  const end = tool === 'npm' ? said.indexOf('--') : said.findIndex((word) => !word.startsWith('-'));
  const own = end < 0 ? said : said.slice(0, end);
  return own.some((word) => WORKSPACE_OPTION.test(word)) || /^(workspaces?|recursive)$/.test(said[0] ?? '');
}

/** Replaces `npm run x` and its kin by what the script says. */
export function expandScripts(segments: readonly ShellSegment[], scripts: Readonly<Record<string, string>>): ShellSegment[] {
  return expand(segments, scripts, DEPTH);
}

function expand(segments: readonly ShellSegment[], scripts: Readonly<Record<string, string>>, depth: number): ShellSegment[] {
  return segments.flatMap((segment) => {
    const called = depth === 0 ? undefined : calledScripts(segment.words, scripts);
    if (called === undefined) return [segment];
    const inner = called.names.flatMap((name) =>
      expand(shellSegments([scripts[`pre${name}`], scripts[name]].filter((text) => text !== undefined).join(' && ')), scripts, depth - 1),
    );
    const last = inner.at(-1);
    if (last === undefined) return [];
    const withRest = { ...last, words: [...last.words, ...called.rest], text: [last.text, ...called.rest].join(' ') };
    return [...inner.slice(0, -1), withRest].map((part) => ({ ...part, env: { ...segment.env, ...part.env } }));
  });
}

function calledScripts(
  words: readonly string[],
  scripts: Readonly<Record<string, string>>,
): { names: string[]; rest: string[] } | undefined {
  const [tool = '', ...others] = words;
  const dashes = others.indexOf('--');
  const own = (dashes < 0 ? others : others.slice(0, dashes)).filter((word) => !word.startsWith('-'));
  const rest = dashes < 0 ? [] : others.slice(dashes + 1);
  if (['run-s', 'npm-run-all', 'run-p'].includes(tool)) return { names: own.filter((name) => name in scripts), rest };
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(tool) || isForPackages(words)) return undefined;
  const name = own[0] === 'run' || own[0] === 'run-script' ? own[1] : own[0] === 't' ? 'test' : own[0];
  return name !== undefined && name in scripts ? { names: [name], rest } : undefined;
}

/** The packages' commands are on the path; the package manager itself may not be there. */
export function withoutLauncher(text: string): string {
  return text.replace(/^((?:\w+=\S*\s+)*)(?:npx(?:\s+--?[\w-]+)*|bunx|pnpm(?:\s+exec)?|yarn(?:\s+(?:exec|run))?)\s+/, '$1');
}

/** Tools that judge the code without making anything the tests need. */
function isCheck({ words }: ShellSegment): boolean {
  const names = words.map((word) => basename(word));
  const checks = [
    'eslint',
    'standard',
    'semistandard',
    'xo',
    'prettier',
    'biome',
    'oxlint',
    'tslint',
    'publint',
    'attw',
    'knip',
    'size-limit',
    'depcheck',
    'commitlint',
    'echo',
    'tsd',
    'lint-staged',
  ];
  if (names.some((name) => checks.includes(name))) return true;
  if (names.some((name) => ['npm', 'pnpm', 'yarn'].includes(name)) && names.some((name) => ['audit', 'ci', 'install', 'i'].includes(name)))
    return true;
  return names.some((name) => name === 'tsc' || name === 'vue-tsc') && words.includes('--noEmit');
}

function readRunner(segment: ShellSegment): Omit<TestCommand, 'prepare'> | undefined {
  const env: Record<string, string> = { ...segment.env };
  for (let at = 0; at < segment.words.length; at += 1) {
    const word = segment.words[at] ?? '';
    const rest = segment.words.slice(at + 1);
    const [, name, value] = /^([A-Z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined) env[name] = value ?? '';
    const runner = RUNNER_BINARIES[basename(word)];
    if (runner !== undefined)
      return { runner, launcher: [word], env, ...splitArguments(runner, runner === 'tap' && rest[0] === 'run' ? rest.slice(1) : rest) };
    if (basename(word) === 'tape') return { runner: 'node:test', launcher: ['node'], env, ...splitArguments('node:test', rest) };
    if (word === 'tsx') return readNode(['--import', 'tsx', ...rest], env);
    if (basename(word) === 'node') return readNode(rest, env);
  }
  return undefined;
}

const RUNNER_BINARIES: Readonly<Record<string, TestRunnerName>> = {
  vitest: 'vitest',
  'vitest.mjs': 'vitest',
  jest: 'jest',
  'jest.js': 'jest',
  mocha: 'mocha',
  _mocha: 'mocha',
  'mocha.js': 'mocha',
  'ts-mocha': 'mocha',
  ava: 'ava',
  tap: 'tap',
};

/** `node [options] --test files`, `node [options] path/to/jest.js options`, or `node file` that tests by its exit code. */
function readNode(args: readonly string[], env: Record<string, string>): Omit<TestCommand, 'prepare'> | undefined {
  const { options, targets } = splitArguments('node:test', args);
  const entry = targets[0];
  const runner = entry === undefined ? undefined : RUNNER_BINARIES[basename(entry)];
  if (entry !== undefined && runner !== undefined) {
    const at = args.indexOf(entry);
    return { runner, launcher: ['node', ...args.slice(0, at + 1)], env, ...splitArguments(runner, args.slice(at + 1)) };
  }
  const tests = args.includes('--test');
  if (!tests && (entry === undefined || !/\.[cm]?[jt]sx?$/.test(entry) || !/test|spec/i.test(entry))) return undefined;
  return {
    runner: 'node:test',
    launcher: ['node', ...options.filter((option) => option !== '--test')],
    options: [],
    targets: tests ? targets : targets.slice(0, 1),
    env,
  };
}
