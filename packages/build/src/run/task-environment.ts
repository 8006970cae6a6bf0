import { delimiter, join } from 'node:path';
import type { Task } from '../task/task.ts';

/** Variables that say where a person is and how to show text, not what to build: given to every command, inputs of none. */
const PLACE = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TEMP', 'TMP', 'TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'SYSTEMROOT'];
/** Variables that most tools build differently by. */
const ALWAYS = ['NODE_ENV', 'CI', 'TZ', 'NODE_OPTIONS'];

export interface TaskEnvironment {
  /** All that the command gets. */
  readonly env: Readonly<Record<string, string>>;
  /** The part that its result follows from. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * The environment of a task's command: no variable that it has not declared reaches it, so none can change its result unseen. Programs of
 * the package and of the workspace are found as `npm run` finds them.
 */
export function taskEnvironment(task: Task, root: string, env: Readonly<NodeJS.ProcessEnv>): TaskEnvironment {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => namesLike(name, env)).flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    );
  const inputs = { ...pick([...ALWAYS, ...task.env]), npm_package_name: task.packageName, npm_lifecycle_event: task.task };
  const programs = [...new Set([join(root, task.directory), root])].map((folder) => join(folder, 'node_modules', '.bin'));
  return { inputs, env: { ...pick(PLACE), ...inputs, PATH: [...programs, env.PATH ?? '/usr/bin:/bin'].join(delimiter) } };
}

/** `NEXT_PUBLIC_*` stands for all that begin so. */
function namesLike(name: string, env: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  return name.endsWith('*') ? Object.keys(env).filter((other) => other.startsWith(name.slice(0, -1))) : [name];
}
