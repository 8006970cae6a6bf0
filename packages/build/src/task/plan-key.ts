import { digest } from '../files/file-hashes.ts';
import type { TaskPlan } from './plan-tasks.ts';

/** Equal for plans of the same tasks: a build that was cut off may only go on as the same build. */
export function planKey({ tasks }: TaskPlan): string {
  return digest(JSON.stringify([...tasks.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))));
}
