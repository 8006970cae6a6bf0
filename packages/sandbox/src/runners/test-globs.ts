import { glob, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TestRunnerName } from '@selfheal/contracts';
import type { TestCommand } from './command.ts';
import { configText, configuredPatterns } from './configured-patterns.ts';

const SCRIPT = '{js,mjs,cjs,ts,mts,cts}';
const NODE_GLOBS = [
  `**/*.test.${SCRIPT}`,
  `**/*-test.${SCRIPT}`,
  `**/*_test.${SCRIPT}`,
  `**/test-*.${SCRIPT}`,
  `**/test.${SCRIPT}`,
  `**/test/**/*.${SCRIPT}`,
];
const AVA = '{js,mjs,cjs,ts,mts,cts}';
/** What each runner takes for a test file where its configuration does not say. */
const DEFAULT_GLOBS: Readonly<Record<TestRunnerName, readonly string[]>> = {
  'node:test': NODE_GLOBS,
  vitest: ['**/*.{test,spec}.{js,mjs,cjs,ts,mts,cts,jsx,tsx}'],
  jest: ['**/__tests__/**/*.{js,jsx,ts,tsx}', '**/*.{test,spec}.{js,mjs,cjs,jsx,ts,tsx}'],
  mocha: ['test/*.{js,cjs,mjs}'],
  ava: [
    `test.${AVA}`,
    `{src,source}/test.${AVA}`,
    `**/__tests__/**/*.${AVA}`,
    `**/*.test.${AVA}`,
    `**/test-*.${AVA}`,
    `**/test/**/*.${AVA}`,
    `**/tests/**/*.${AVA}`,
  ],
  tap: [`**/{test,tests,__tests__}/**/*.${SCRIPT}`, `**/*{.,-}{test,tests,spec}.${SCRIPT}`, `**/{test,tests,spec}.${SCRIPT}`],
};

/** Test files of a repository by the runner's own rules, relative to `root`, sorted. */
export async function findTestFiles(
  root: string,
  command: TestCommand,
  configFile: string | undefined,
  manifest: Record<string, unknown>,
): Promise<string[]> {
  const patterns = await testPatterns(root, command, configFile, manifest);
  const files = new Set<string>();
  for (const pattern of patterns) for (const file of await expandGlob(root, pattern)) files.add(file);
  return [...files].sort();
}

async function testPatterns(
  root: string,
  command: TestCommand,
  configFile: string | undefined,
  manifest: Record<string, unknown>,
): Promise<readonly string[]> {
  const { runner, targets } = command;
  if (runner === 'node:test') return targets.length > 0 ? expandFolders(root, targets, NODE_GLOBS) : NODE_GLOBS;
  const configured = configuredPatterns(runner, await configText(root, configFile), manifest[runner]);
  if (runner === 'mocha') {
    const named = targets.length > 0 ? targets : configured;
    if (named.length > 0) return expandFolders(root, named, mochaGlobs(command, await configText(root, configFile)));
    return mochaGlobs(command, await configText(root, configFile)).map((pattern) => `test/${pattern}`);
  }
  if (runner === 'ava' || runner === 'tap')
    return expandFolders(root, [targets, configured, DEFAULT_GLOBS[runner]].find((list) => list.length > 0) ?? [], [`**/*.${SCRIPT}`]);
  return configured.length > 0 ? configured : DEFAULT_GLOBS[runner];
}

function mochaGlobs(command: TestCommand, config: string): string[] {
  const all = `${command.options.join(' ')} ${config}`;
  const recursive = command.options.includes('--recursive') || /["']?recursive["']?\s*[:=]\s*true/.test(config);
  const extensions =
    /ts-node|tsx|ts-mocha|\bts\b/.test(all) || command.launcher[0] === 'ts-mocha' ? '{js,cjs,mjs,ts,mts,cts,tsx}' : '{js,cjs,mjs}';
  return [`${recursive ? '**/' : ''}*.${extensions}`];
}

/** A folder named as target stands for the test files in it; in a folder called test, all are. */
async function expandFolders(root: string, targets: readonly string[], inFolder: readonly string[]): Promise<string[]> {
  const patterns: string[] = [];
  for (const target of targets) {
    const found = await stat(join(root, target)).catch(() => undefined);
    const folder = target.replace(/\/+$/, '').replace(/^\.\//, '');
    if (!found?.isDirectory()) patterns.push(folder);
    else if (inFolder === NODE_GLOBS && basename(folder) === 'test') patterns.push(`${folder}/**/*.${SCRIPT}`);
    else patterns.push(...inFolder.map((pattern) => `${folder}/${pattern}`));
  }
  return patterns;
}

async function expandGlob(root: string, pattern: string): Promise<string[]> {
  const negated = pattern.startsWith('!');
  if (negated) return [];
  const found: string[] = [];
  const skipped = (name: string): boolean => /(^|\/)(node_modules|\.[^/]+)(\/|$)/.test(name.replace(/^\.\//, ''));
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true, exclude: (entry) => skipped(entry.name) })) {
    const path = join(entry.parentPath, entry.name);
    const file = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    if (entry.isFile() && !skipped(file) && !file.endsWith('.d.ts')) found.push(file);
  }
  return found;
}

/** Names in the top folder, for finding configuration files. */
export async function topFiles(root: string): Promise<string[]> {
  return readdir(root).catch(() => []);
}
