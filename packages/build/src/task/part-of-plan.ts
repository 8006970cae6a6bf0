import { createGraph } from '@selfheal/build-graph';
import type { TaskPlan } from './plan-tasks.ts';
import type { Task } from './task.ts';

/** Some tasks of a plan, with all that these depend on. Ids that are no task of it are left out. */
export function partOfPlan({ tasks }: TaskPlan, ids: readonly string[]): TaskPlan {
  const part = new Map<string, Task>();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const task = tasks.get(id);
    if (task === undefined || part.has(id)) continue;
    part.set(id, task);
    pending.push(...task.dependsOn);
  }
  const made = createGraph([...part.values()]);
  if ('faults' in made) throw new TypeError(`a plan has all that its tasks depend on: ${JSON.stringify(made.faults)}`);
  return { tasks: part, graph: made.graph };
}
