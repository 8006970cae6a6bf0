import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRunnerName } from '@selfheal/contracts';

const KEY: Readonly<Record<TestRunnerName, string>> = {
  vitest: 'include',
  jest: 'testMatch',
  mocha: 'spec',
  ava: 'files',
  tap: 'include',
  'node:test': '',
};
const QUOTED = /(["'`])((?:(?!\1)[^\\\n])*)\1/g;

/**
 * Globs of test files that stand literally in a runner's configuration (its file, or its key in package.json). Computed ones are left
 * to the runner, which has the last word in a run.
 */
export function configuredPatterns(runner: TestRunnerName, configText: string, inManifest: unknown): string[] {
  const key = KEY[runner];
  if (key === '') return [];
  const text = `${configText}\n${inManifest === undefined ? '' : JSON.stringify(inManifest)}`;
  const found = [...listed(text, key), ...single(text, key), ...yaml(text, key)];
  // `include` also says what coverage covers, or what is compiled.
  const tests = runner === 'vitest' ? found.filter((pattern) => /test|spec/i.test(pattern)) : found;
  return [...new Set(tests.map(plainGlob))];
}

/** The text of a configuration file; empty where there is none. */
export async function configText(root: string, configFile: string | undefined): Promise<string> {
  return configFile === undefined ? '' : readFile(join(root, configFile), 'utf8').catch(() => '');
}

/** `key: ['a', "b"]`, in JavaScript or JSON. */
function listed(text: string, key: string): string[] {
  const list = new RegExp(`(?<![\\w$.-])["']?${key}["']?\\s*:\\s*\\[((?:\\s*(?:"[^"\\n]*"|'[^'\\n]*'|\`[^\`\\n]*\`)\\s*,?)+)\\s*\\]`, 'g');
  return [...text.matchAll(list)].flatMap(([, items = '']) => [...items.matchAll(QUOTED)].map(([, , item = '']) => item));
}

/** `key: 'a'`, in JavaScript, JSON or YAML. */
function single(text: string, key: string): string[] {
  const one = new RegExp(`(?<![\\w$.-])["']?${key}["']?\\s*:\\s*(?:"([^"\\n]+)"|'([^'\\n]+)'|([\\w./*{}-]+)\\s*$)`, 'gm');
  return [...text.matchAll(one)].map(([, double, simple, bare]) => double ?? simple ?? bare ?? '').filter((item) => item !== '');
}

/** A YAML list below its key. */
function yaml(text: string, key: string): string[] {
  const [, items = ''] = new RegExp(`^${key}:[ \\t]*\\n((?:[ \\t]*-[ \\t]*.+\\n?)+)`, 'm').exec(text) ?? [];
  return [...items.matchAll(/^\s*-\s*["']?(.+?)["']?\s*$/gm)].map(([, item = '']) => item);
}

/** As Node's own glob takes it: no `<rootDir>`, and alternatives in braces. */
function plainGlob(pattern: string): string {
  return pattern
    .replace(/^<rootDir>\//, '')
    .replace(/^\.\//, '')
    .replaceAll(/([?+@])\(([^()]*)\)/g, (_, kind: string, inner: string) => `{${kind === '?' ? ',' : ''}${inner.replaceAll('|', ',')}}`);
}
