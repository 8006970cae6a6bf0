import { createGraph } from '@selfheal/build-graph';
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
  const made = createGraph(Object.entries(needs).map(([id, dependsOn]) => ({ id, dependsOn })));
  if ('faults' in made) throw new TypeError(JSON.stringify(made.faults));
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
  const plan = { graph: made.graph, tasks: new Map<string, Task>() };
  const leading = new LeadingBuild({ plan, host, concurrency, onFailure: 'continue', durations: new Map(), ended });
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
