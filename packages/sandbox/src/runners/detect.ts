import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_TEST_COMMAND, type TestRunner, type TestRunnerName } from '@selfheal/contracts';
import { parseTestCommand, type TestCommand } from './command.ts';
import { findTestFiles, topFiles } from './test-globs.ts';

export interface Detected {
  readonly runner: TestRunner;
  readonly command: TestCommand;
}

/**
 * Finds the test runner of a package: by the test command given, else by the "test" script of package.json, else by the installed
 * runner, its configuration file, or what the test files themselves import. Undefined where there is none that we know.
 */
export async function detectTestRunner(root: string, given?: string): Promise<Detected | undefined> {
  return (await commandedRunner(root, given)) ?? guessedRunner(root);
}

/** The runner that a test command names. */
export async function commandedRunner(root: string, given?: string): Promise<Detected | undefined> {
  const manifest = await readManifest(root);
  const scripts = stringsOf(manifest.scripts);
  for (const line of candidateLines(given, scripts)) {
    const command = parseTestCommand(line, scripts);
    if (command !== undefined) return describe(root, command, line, manifest);
  }
  return undefined;
}

/** The runner that is installed, configured or imported where no command says. */
export async function guessedRunner(root: string): Promise<Detected | undefined> {
  const manifest = await readManifest(root);
  const scripts = stringsOf(manifest.scripts);
  const name = await guessRunner(root, manifest);
  if (name === undefined) return undefined;
  const line = DEFAULT_TEST_COMMAND[name];
  const command = parseTestCommand(line, scripts);
  return command === undefined ? undefined : describe(root, command, line, manifest);
}

const CONFIG_FILES: Readonly<Record<TestRunnerName, RegExp>> = {
  vitest: /^(vitest|vite)\.config\.[cm]?[jt]s$/,
  jest: /^jest\.config\.([cm]?[jt]s|json)$/,
  mocha: /^\.mocharc\.(js|cjs|mjs|json|jsonc|ya?ml)$/,
  ava: /^ava\.config\.(js|cjs|mjs)$/,
  tap: /^\.taprc$/,
  'node:test': /^node\.config\.json$/,
};

export function candidateLines(given: string | undefined, scripts: Readonly<Record<string, string>>): string[] {
  if (given !== undefined) return [given];
  const test = scripts.test === undefined ? undefined : [scripts.pretest, scripts.test].filter((line) => line !== undefined).join(' && ');
  // A "test" script may only lint or delegate to a tool that we do not know, and name the real one beside it.
  const others = Object.keys(scripts).filter((name) =>
    /^(test[:\-_]?unit|unit|test[:\-_]?(ci|node|run|js|ts)|vitest|jest|mocha|ava|tap)$/.test(name),
  );
  return [test, ...others.map((name) => scripts[name])].filter((line) => line !== undefined);
}

async function describe(root: string, command: TestCommand, line: string, manifest: Record<string, unknown>): Promise<Detected> {
  const configFile = await findConfig(root, command);
  const found = await findTestFiles(root, command, configFile, manifest);
  // Before a build the files that it names are not there yet: the tests are among the sources.
  const unbuilt = found.length === 0 && command.prepare.length > 0;
  const testFiles = unbuilt ? await findTestFiles(root, { ...command, targets: [] }, undefined, {}) : found;
  return { command, runner: { name: command.runner, command: line, testFiles, ...(configFile === undefined ? {} : { configFile }) } };
}

async function findConfig(root: string, command: TestCommand): Promise<string | undefined> {
  const at = command.options.findIndex((option) => /^(-c|--config)(=|$)/.test(option));
  if (at >= 0) {
    const option = command.options[at] ?? '';
    return option.includes('=') ? option.slice(option.indexOf('=') + 1) : command.options[at + 1];
  }
  const found = (await topFiles(root)).filter((name) => CONFIG_FILES[command.runner].test(name)).sort();
  // vitest.config.* wins over vite.config.*, as in vitest itself.
  return found.find((name) => name.startsWith('vitest')) ?? found[0];
}

async function guessRunner(root: string, manifest: Record<string, unknown>): Promise<TestRunnerName | undefined> {
  const installed = { ...stringsOf(manifest.dependencies), ...stringsOf(manifest.devDependencies) };
  const files = await topFiles(root);
  for (const name of ['vitest', 'jest', 'mocha', 'ava', 'tap'] as const) {
    if (name in installed || manifest[name] !== undefined || (name !== 'vitest' && files.some((file) => CONFIG_FILES[name].test(file))))
      return name;
  }
  const all = parseTestCommand(DEFAULT_TEST_COMMAND['node:test'], {});
  if (all === undefined) return undefined;
  for (const file of await findTestFiles(root, all, undefined, {})) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    if (/['"]vitest['"]/.test(text)) return 'vitest';
    if (/['"]node:test['"]|require\(['"]test['"]\)/.test(text)) return 'node:test';
  }
  return undefined;
}

/** The scripts of package.json; none where it cannot be read. */
export async function readScripts(root: string): Promise<Record<string, string>> {
  return stringsOf((await readManifest(root)).scripts);
}

export async function readManifest(root: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}');
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asObject(value)).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}
