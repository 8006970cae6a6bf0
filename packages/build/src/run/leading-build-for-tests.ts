import { createGraph } from '@selfheal/build-graph';
import type { TaskPlan } from '../task/plan-tasks.ts';
import type { Task } from '../task/task.ts';
import { LeadingBuild } from './leading-build.ts';
import type { HostedEnd, TaskHost } from './task-host.ts';

type Upstream = Readonly<Record<string, string>> | null;

/** A build whose tasks end when the test says so. */
export function openBuild(
  needs: Readonly<Record<string, readonly string[]>>,
  concurrency: number,
  ended: ReadonlyMap<string, HostedEnd> = new Map(),
) {
  const runs: string[] = [];
  const stopped: string[] = [];
  const given = new Map<string, Upstream>();
  const waiting = new Map<string, (end: HostedEnd) => void>();
  const host: Pick<TaskHost, 'run'> = {
    run: (id, upstream, signal) => {
      runs.push(id);
      given.set(id, upstream);
      signal.addEventListener('abort', () => stopped.push(id));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
  const leading = new LeadingBuild({ plan: planOf(needs), host, concurrency, onFailure: 'continue', durations: new Map(), ended });
  return {
    leading,
    runs,
    stopped: () => stopped.toSorted(),
    upstream: (id: string) => given.get(id),
    async end(id: string, outcome: HostedEnd['outcome'] = 'done'): Promise<void> {
      waiting.get(id)?.({ outcome, ...(outcome === 'done' ? { result: `result of ${id}` } : {}) });
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Tasks that need each other, and whose command nobody runs. */
export function planOf(needs: Readonly<Record<string, readonly string[]>>): TaskPlan {
  const tasks = Object.entries(needs).map(([id, dependsOn]): [string, Task] => [
    id,
    {
      id,
      packageName: id,
      task: 'build',
      directory: id,
      command: 'true',
      dependsOn,
      inputs: [],
      outputs: [],
      env: [],
      cache: true,
      timeoutMs: 1_000,
    },
  ]);
  const made = createGraph(tasks.map(([, task]) => task));
  if ('faults' in made) throw new TypeError(JSON.stringify(made.faults));
  return { graph: made.graph, tasks: new Map(tasks) };
}
