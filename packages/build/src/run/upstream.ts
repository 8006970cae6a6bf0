import type { TaskEnd } from './run-task.ts';

/** What the results of dependencies add to a key; undefined where one of them follows from more than is known. */
export function upstreamOf(
  dependencies: readonly string[],
  ends: ReadonlyMap<string, Pick<TaskEnd, 'result'>>,
): ReadonlyMap<string, string> | undefined {
  const upstream = new Map<string, string>();
  for (const id of dependencies) {
    const result = ends.get(id)?.result;
    if (result === undefined) return undefined;
    upstream.set(id, result);
  }
  return upstream;
}
