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
 * settings) are inputs of every task.
 */
export function taskFiles(task: Task, own: FileLists, rootFiles: readonly string[]): TaskFiles {
  const prefix = task.directory === '.' ? '' : `${task.directory}/`;
  const matching = (globs: readonly string[]) =>
    [...own.sources, ...own.made].filter((path) => globs.some((glob) => matchesGlob(path.slice(prefix.length), glob)));
  const outputs = task.outputs.length === 0 ? own.made : matching(task.outputs);
  const isOutput = new Set(outputs);
  const chosen = task.inputs.length === 0 ? own.sources : [...matching(task.inputs), `${prefix}package.json`];
  return { inputs: sortedUnique([...chosen, ...rootFiles]).filter((path) => !isOutput.has(path)), outputs: sortedUnique(outputs) };
}
