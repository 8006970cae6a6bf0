import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRunnerName } from '@selfheal/contracts';
import type { TestCommand } from './command.ts';

const SCRIPT = '{js,mjs,cjs,ts,mts,cts}';
const NODE_GLOBS = [
  `**/*.test.${SCRIPT}`,
  `**/*-test.${SCRIPT}`,
  `**/*_test.${SCRIPT}`,
  `**/test-*.${SCRIPT}`,
  `**/test.${SCRIPT}`,
  `**/test/**/*.${SCRIPT}`,
];
/** What each runner takes for a test file where its configuration does not say. */
const DEFAULT_GLOBS: Readonly<Record<TestRunnerName, readonly string[]>> = {
  'node:test': NODE_GLOBS,
  vitest: ['**/*.{test,spec}.{js,mjs,cjs,ts,mts,cts,jsx,tsx}'],
  jest: ['**/__tests__/**/*.{js,jsx,ts,tsx}', '**/*.{test,spec}.{js,mjs,cjs,jsx,ts,tsx}'],
  mocha: ['test/*.{js,cjs,mjs}'],
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
  const configured = await configuredPatterns(root, command, configFile, manifest);
  if (runner === 'mocha') {
    const named = targets.length > 0 ? targets : configured;
    if (named.length > 0) return expandFolders(root, named, mochaGlobs(command, await configText(root, configFile)));
    return mochaGlobs(command, await configText(root, configFile)).map((pattern) => `test/${pattern}`);
  }
  return configured.length > 0 ? configured : DEFAULT_GLOBS[runner];
}

function mochaGlobs(command: TestCommand, config: string): string[] {
  const all = `${command.options.join(' ')} ${config}`;
  const recursive = command.options.includes('--recursive') || /["']?recursive["']?\s*[:=]\s*true/.test(config);
  const extensions =
    /ts-node|tsx|ts-mocha|\bts\b/.test(all) || command.launcher[0] === 'ts-mocha' ? '{js,cjs,mjs,ts,mts,cts,tsx}' : '{js,cjs,mjs}';
  return [`${recursive ? '**/' : ''}*.${extensions}`];
}

/** A folder named as target stands for the test files in it. */
async function expandFolders(root: string, targets: readonly string[], inFolder: readonly string[]): Promise<string[]> {
  const patterns: string[] = [];
  for (const target of targets) {
    const found = await stat(join(root, target)).catch(() => undefined);
    const folder = target.replace(/\/+$/, '');
    if (found?.isDirectory())
      patterns.push(...(inFolder === NODE_GLOBS ? [`${folder}/**/*.${SCRIPT}`] : inFolder.map((pattern) => `${folder}/${pattern}`)));
    else patterns.push(target.replace(/^\.\//, ''));
  }
  return patterns;
}

const PATTERN_KEY: Readonly<Record<TestRunnerName, string>> = { vitest: 'include', jest: 'testMatch', mocha: 'spec', 'node:test': '' };

/** Globs that stand literally in the configuration; computed ones are left to the runner, which has the last word in a run. */
async function configuredPatterns(
  root: string,
  command: TestCommand,
  configFile: string | undefined,
  manifest: Record<string, unknown>,
): Promise<string[]> {
  const key = PATTERN_KEY[command.runner];
  const inManifest = manifest[command.runner];
  const text = `${await configText(root, configFile)}\n${inManifest === undefined ? '' : JSON.stringify(inManifest)}`;
  const list = new RegExp(`(?<![\\w$.])["']?${key}["']?\\s*:\\s*\\[([^\\]]*)\\]`).exec(text)?.[1];
  const single = new RegExp(`(?<![\\w$.])["']?${key}["']?\\s*:\\s*(["'][^"'\\n]+["']|[\\w./*{}-]+)\\s*$`, 'm').exec(text)?.[1];
  const yaml = new RegExp(`^${key}:\\s*\\n((?:\\s*-\\s*.+\\n?)+)`, 'm').exec(text)?.[1];
  const literals = list ?? single ?? yaml?.replace(/^\s*-\s*(.+?)\s*$/gm, (_, item: string) => `"${item.replaceAll(/["']/g, '')}"`);
  const quoted = [...(literals ?? '').matchAll(/["'`]([^"'`]+)["'`]/g)].map((match) => match[1] ?? '');
  const found = quoted.length === 0 && single !== undefined ? [single] : quoted;
  return found.map((pattern) =>
    pattern
      .replace(/^<rootDir>\//, '')
      .replace(/^\.\//, '')
      .replaceAll('?(c|m)', '{,c,m}')
      .replaceAll(/\?\(([^)]*)\)/g, '{,$1}')
      .replaceAll(/\+\(([^)]*)\)/g, '{$1}'),
  );
}

async function configText(root: string, configFile: string | undefined): Promise<string> {
  return configFile === undefined ? '' : readFile(join(root, configFile), 'utf8').catch(() => '');
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
