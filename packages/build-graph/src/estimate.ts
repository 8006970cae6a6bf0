import type { Durations } from './critical-path.ts';
import type { BuildGraph } from './graph.ts';
import { type NodeState, Schedule, type ScheduleSnapshot } from './schedule.ts';

export interface EstimateInput {
  readonly graph: BuildGraph;
  readonly concurrency: number;
  readonly durations: Durations;
  /** States now; without any, nothing has started. */
  readonly states?: ReadonlyMap<string, NodeState>;
  /** Milliseconds that running nodes have run. */
  readonly ranMs?: ReadonlyMap<string, number>;
}

/**
 * Milliseconds until the build ends, if all goes well and nothing costs but the nodes: the schedule played through with the recorded
 * durations. A node without one takes the median of the others; undefined where none has one.
 */
export function estimate({ graph, concurrency, durations, states, ranMs }: EstimateInput): number | undefined {
  const typical = median([...durations.values()]);
  if (typical === undefined) return undefined;
  const schedule = Schedule.restore(
    { graph, concurrency, onFailure: 'continue', durations },
    { concurrency, paused: false, stopped: false, started: startedOnes(states) },
    true,
  );
  const left = (id: string) => Math.max(0, (durations.get(id) ?? typical) - (ranMs?.get(id) ?? 0));
  const ends = new Map([...schedule.running].map((id) => [id, left(id)]));
  const start = (now: number): void => {
    for (const id of schedule.take()) ends.set(id, now + left(id));
  };
  let now = 0;
  for (start(now); ends.size > 0; start(now)) {
    now = Math.min(...ends.values());
    for (const [id, end] of ends) {
      if (end > now) continue;
      ends.delete(id);
      schedule.finish(id, 'done');
    }
  }
  return now;
}

function startedOnes(states: EstimateInput['states'] = new Map()): ScheduleSnapshot['started'] {
  const isStarted = (state: NodeState) => state !== 'waiting' && state !== 'ready' && state !== 'blocked';
  return Object.fromEntries([...states].flatMap(([id, state]) => (isStarted(state) ? [[id, state]] : [])));
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
