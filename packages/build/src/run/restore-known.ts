import { layers } from '@selfheal/build-graph';
import type { TaskPlan } from '../task/plan-tasks.ts';
import { restoreTask, type TaskEnd } from './run-task.ts';
import type { TaskRunner } from './task-runner.ts';
import { upstreamOf } from './upstream.ts';

/**
 * Brings up to date what needs no command, in the order of the plan, as far as that goes. Gives the ends of these tasks; where that is all
 * of them, there was nothing to build.
 */
export async function restoreKnown(runner: TaskRunner, { graph, tasks }: TaskPlan): Promise<ReadonlyMap<string, TaskEnd>> {
  const ends = new Map<string, TaskEnd>();
  for (const layer of layers(graph)) {
    const found = await Promise.all(
      layer.map(async (id): Promise<[string, TaskEnd] | []> => {
        const task = tasks.get(id);
        if (task === undefined || !task.dependsOn.every((other) => ends.has(other))) return [];
        const end = await restoreTask(runner, { task, upstream: upstreamOf(task.dependsOn, ends) });
        return end === undefined ? [] : [id, end];
      }),
    );
    for (const [id, end] of found) if (id !== undefined && end !== undefined) ends.set(id, end);
  }
  return ends;
}
