import { type BuildGraph, type Edge, findCycles } from '@selfheal/build-graph';
import { SelfhealError } from '@selfheal/contracts/errors';
import type { Workspace } from '../workspace/workspace.ts';
import type { Task } from './task.ts';

/** Fails with BUILD_CYCLE, which names the cycles, the dependencies to cut and where these are written. */
export function refuseCycles(graph: BuildGraph, tasks: ReadonlyMap<string, Task>, workspace: Workspace): void {
  const found = findCycles(graph);
  if (found === undefined) return;
  const circles = found.paths.map((path) => [...path, path[0]].join(' → ')).join('; ');
  const cuts = found.cut.map((edge) => `${edge.from} on ${edge.to} (${placeOf(edge, tasks, workspace)})`).join(', ');
  throw new SelfhealError(
    'BUILD_CYCLE',
    `${circles}. Without ${found.smallest ? 'these' : 'for example these'} there is no cycle: ${cuts}`,
  );
}

/** `packages/a/package.json, devDependencies.b`, or the task's rule where the cycle is within a package. */
function placeOf({ from, to }: Edge, tasks: ReadonlyMap<string, Task>, { packages }: Workspace): string {
  const [user, used] = [tasks.get(from), tasks.get(to)];
  const link = packages.find(({ name }) => name === user?.packageName)?.links.find(({ name }) => name === used?.packageName);
  if (user === undefined || link === undefined) return `dependsOn of the task ${from}`;
  if (link.field === 'listed') return `build.packages, ${user.packageName}: ${link.name}`;
  const folder = user.directory === '.' ? '' : `${user.directory}/`;
  return `${folder}package.json, ${link.field}.${link.name}`;
}
