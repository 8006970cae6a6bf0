import { matchesGlob } from 'node:path';
import type { Task } from '../task/task.ts';
import type { FileLists } from './list-files.ts';

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
export function taskFiles(task: Task, lists: FileLists, rootFiles: readonly string[]): TaskFiles {
  const prefix = task.directory === '.' ? '' : `${task.directory}/`;
  const own = (paths: readonly string[]) => paths.filter((path) => path.startsWith(prefix));
  const matching = (paths: readonly string[], globs: readonly string[]) =>
    own(paths).filter((path) => globs.some((glob) => matchesGlob(path.slice(prefix.length), glob)));
  const all = [...lists.sources, ...lists.made];
  const outputs = task.outputs.length === 0 ? own(lists.made) : matching(all, task.outputs);
  const isOutput = new Set(outputs);
  const chosen = task.inputs.length === 0 ? own(lists.sources) : [...matching(all, task.inputs), `${prefix}package.json`];
  const inputs = [...new Set([...chosen, ...rootFiles])].filter((path) => !isOutput.has(path));
  return { inputs: inputs.toSorted(), outputs };
}
