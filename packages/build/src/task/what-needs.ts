import { reachable } from '@selfheal/build-graph';
import type { TaskPlan } from './plan-tasks.ts';

/** The tasks that need one, however far, and none of those that failed. */
export function whatNeeds({ graph }: TaskPlan, id: string, failed: ReadonlySet<string>): readonly string[] {
  const blocked = new Set([...failed].flatMap((other) => [other, ...reachable(graph, other, 'dependents')]));
  return [...reachable(graph, id, 'dependents')].filter((other) => other !== id && !blocked.has(other));
}
