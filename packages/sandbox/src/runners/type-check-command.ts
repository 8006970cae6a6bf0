import { basename } from 'node:path';
import { expandScripts, withoutLauncher } from './command.ts';
import { readScripts } from './detect.ts';
import { type ShellSegment, shellSegments } from './shell-words.ts';

const CHECKERS = new Set(['tsc', 'vue-tsc', 'tsgo', 'svelte-check']);
/** Scripts by which projects check their types, the likeliest first. */
const NAMES = [
  /^type-?check(:|$)/,
  /^check[-:]?types?$/,
  /^(types?|tsc|ts:check)$/,
  /^(lint|test|check)[-:](types?|tsc?)$/,
  /^(check|lint)$/,
  /^(pretest|test)$/,
  /^build$/,
];

/**
 * The command by which a repository checks its types: the part of `given` that does, else of the package script that does. Undefined where
 * none does; what is emitted on the way stays in the copy it runs in.
 */
export async function findTypeCheck(root: string, given?: string): Promise<string | undefined> {
  const scripts = await readScripts(root);
  const lines = [given, ...byLikelihood(Object.keys(scripts)).map((name) => scripts[name])].filter((line) => line !== undefined);
  for (const line of lines) {
    const checks = expandScripts(shellSegments(line), scripts).filter(checksTypes);
    if (checks.length > 0) return checks.map(({ text }) => withoutLauncher(text)).join(' && ');
  }
  return undefined;
}

function checksTypes({ words }: ShellSegment): boolean {
  const watches = words.some((word) => word === '-w' || word === '--watch');
  return !watches && words.some((word) => CHECKERS.has(basename(word)));
}

function byLikelihood(names: readonly string[]): string[] {
  return NAMES.flatMap((pattern) => names.filter((name) => pattern.test(name)));
}
