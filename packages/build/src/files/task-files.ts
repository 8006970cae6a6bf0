import { matchesGlob } from 'node:path';
import type { Task } from '../task/task.ts';
import { sortedUnique } from './sorted-paths.ts';
import type { FileLists } from './workspace-files.ts';

/** The inputs of a task, and what it has made; paths relative to the root of the workspace. */
export interface TaskFiles {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Sorts the files of a package. Without declared globs inputs are what git does not ignore and outputs what it does; so nothing in the
 * package is neither, and a file that a task makes is no input of itself. Files at the root of the workspace (the lockfile, shared
 * settings) are inputs of every task. Globs with `!` take away; with these alone, from what it is without globs.
 */
export function taskFiles(task: Task, own: FileLists, rootFiles: readonly string[]): TaskFiles {
  const prefix = task.directory === '.' ? '' : `${task.directory}/`;
  const select = (globs: readonly string[], usual: readonly string[]) => {
    const without = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
    const wanted = globs.filter((glob) => !glob.startsWith('!'));
    const matches = (path: string, some: readonly string[]) => some.some((glob) => matchesGlob(path.slice(prefix.length), glob));
    const chosen = wanted.length === 0 ? usual : [...own.sources, ...own.made].filter((path) => matches(path, wanted));
    return without.length === 0 ? chosen : chosen.filter((path) => !matches(path, without));
  };
  const outputs = select(task.outputs, own.made);
  const isOutput = new Set(outputs);
  const chosen = [...select(task.inputs, own.sources), ...(task.inputs.length === 0 ? [] : [`${prefix}package.json`])];
  return { inputs: sortedUnique([...chosen, ...rootFiles]).filter((path) => !isOutput.has(path)), outputs: sortedUnique(outputs) };
}
