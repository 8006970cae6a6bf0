import type { FlowEvent } from './flow-event.ts';

/** One execution of a step within a run. Times are epoch ms. */
export interface StepInstance {
  step: string;
  start: number;
  /** Undefined where the log never tells that it ended. */
  end: number | undefined;
  durationMs: number | undefined;
  /** Waiting before it that the log itself declares. */
  waitMs: number;
  /** A line told that it started. Such a step without an end is stuck; a step that is merely mentioned is not. */
  announced: boolean;
  failed: boolean;
}

/** The step executions of one run in order of their start. `events` are in log order. */
export function stepInstances(events: readonly FlowEvent[]): StepInstance[] {
  const resolution = resolutionOf(events);
  const instances: StepInstance[] = [];
  for (const event of events) {
    if (event.step === undefined) continue;
    const instance = read(event, event.step, instances);
    if (instance !== undefined) place(instances, instance, resolution);
  }
  return instances;
}

/** Opens an instance, or closes the open one of the same step; a mere mention of a known step is none. */
function read(event: FlowEvent, step: string, known: readonly StepInstance[]): StepInstance | undefined {
  const { time, durationMs, waitMs = 0, outcome } = event;
  if (outcome === 'started') return { step, start: time, end: undefined, durationMs: undefined, waitMs, announced: true, failed: false };
  const ended = outcome !== undefined || durationMs !== undefined;
  const open = known.find((instance) => instance.step === step && instance.end === undefined);
  if (open !== undefined && ended) {
    open.end = time;
    open.durationMs = durationMs ?? Math.max(0, time - open.start);
    open.failed = outcome === 'error';
    open.waitMs = Math.max(open.waitMs, waitMs);
    return undefined;
  }
  if (!ended && known.some((instance) => instance.step === step)) return undefined;
  const end = ended ? time : undefined;
  return { step, start: time - (durationMs ?? 0), end, durationMs, waitMs, announced: false, failed: outcome === 'error' };
}

/**
 * Inserts by start. Stamps are rounded, so a computed start may seem to lie before a step that ended first: within the stamps'
 * resolution the order of the log counts.
 */
function place(instances: StepInstance[], instance: StepInstance, resolution: number): void {
  let at = instances.length;
  while (at > 0) {
    const before = instances[at - 1];
    if (before === undefined || instance.start >= before.start - resolution || instance.start >= (before.end ?? before.start) - resolution)
      break;
    at -= 1;
  }
  instances.splice(at, 0, instance);
}

/** The coarsest unit that all stamps are multiples of: a second, a millisecond, or finer. */
function resolutionOf(events: readonly FlowEvent[]): number {
  const own = events.filter((event) => event.timeFrom === 'own');
  if (own.length > 0 && own.every((event) => event.time % 1000 === 0)) return 1000;
  return own.every((event) => Number.isInteger(event.time)) ? 1 : 0.001;
}
