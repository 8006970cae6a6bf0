import { type BuildGraph, createGraph } from '@selfheal/build-graph';
import { SelfhealError } from '@selfheal/contracts/errors';
import type { Workspace, WorkspacePackage } from '../workspace/workspace.ts';
import { refuseCycles } from './refuse-cycles.ts';
import { type Task, taskId } from './task.ts';
import { ruleFor, type TaskRules } from './task-rules.ts';

export interface TaskPlan {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly graph: BuildGraph;
}

export interface Wanted {
  readonly tasks: readonly string[];
  /** Names of packages; what they depend on comes along. */
  readonly packages: readonly string[];
}

/** The tasks that some packages want, with all that these depend on. Fails with BUILD_TASK_UNKNOWN or BUILD_CYCLE. */
export function planTasks(workspace: Workspace, rules: TaskRules, wanted: Wanted): TaskPlan {
  requireScripts(workspace, rules, wanted.tasks);
  const tasks = new Map<string, Task>();
  const byName = new Map(workspace.packages.map((one) => [one.name, one]));
  const pending = wanted.packages.flatMap((name) => wanted.tasks.map((task): [string, string, string] => [name, task, 'the build']));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [name, task, asker] = next;
    if (tasks.has(taskId(name, task))) continue;
    const one = byName.get(name);
    if (one === undefined)
      throw new SelfhealError('BUILD_TASK_UNKNOWN', `${asker} depends on ${taskId(name, task)}, and no package is named "${name}"`);
    const planned = plan(one, task, rules);
    tasks.set(planned.id, planned);
    for (const id of planned.dependsOn) pending.push([...splitId(id), planned.id]);
  }
  const made = createGraph([...tasks.values()]);
  if ('faults' in made) throw new SelfhealError('BUILD_TASK_UNKNOWN', JSON.stringify(made.faults));
  refuseCycles(made.graph, tasks, workspace);
  return { tasks, graph: made.graph };
}

function plan(one: WorkspacePackage, task: string, rules: TaskRules): Task {
  const rule = ruleFor(rules, one.name, task);
  const dependsOn = (rule.dependsOn ?? [`^${task}`]).flatMap((needed) => {
    if (needed.startsWith('^')) return one.links.map(({ name }) => taskId(name, needed.slice(1)));
    return [needed.includes('#') ? needed : taskId(one.name, needed)];
  });
  const { inputs, outputs, env, cache, timeoutMs } = rule;
  const command = rule.command ?? one.scripts[task];
  return {
    id: taskId(one.name, task),
    packageName: one.name,
    task,
    directory: one.directory,
    command,
    dependsOn,
    inputs,
    outputs,
    env,
    cache,
    timeoutMs,
  };
}

/** At the first `#`: names of packages hold none. */
function splitId(id: string): [string, string] {
  const at = id.indexOf('#');
  return [id.slice(0, at), id.slice(at + 1)];
}

function requireScripts({ packages }: Workspace, rules: TaskRules, tasks: readonly string[]): void {
  for (const task of tasks) {
    const known =
      rules[task]?.command !== undefined || packages.some(({ name, scripts }) => scripts[task] ?? rules[taskId(name, task)]?.command);
    if (known) continue;
    const scripts = [...new Set(packages.flatMap(({ scripts: own }) => Object.keys(own)))];
    const there = scripts.length === 0 ? 'no package has a script' : `there are ${scripts.slice(0, 20).join(', ')}`;
    throw new SelfhealError('BUILD_TASK_UNKNOWN', `no package has a script "${task}"; ${there}`);
  }
}
