import type { HttpRequest } from '@selfheal/contracts';
import type { FlowEvent } from './flow-event.ts';
import { type StepInstance, stepInstances } from './step-instances.ts';

/** One run of a flow. */
export interface FlowRun {
  flow: string;
  flowId: string;
  release: string;
  /** Events that belong to it, in log order. */
  events: readonly FlowEvent[];
  steps: StepInstance[];
  /** The names of the steps in order: runs of one key are of one variant. */
  key: string;
  start: number;
  lastSeen: number;
  /** A line told that the run as a whole ended. */
  ended: boolean;
  failed: boolean;
  request?: HttpRequest;
}

/** The runs that the events tell of: by flow id, and within it by sequence. Events without a flow id belong to none. */
export function flowRuns(events: readonly FlowEvent[]): FlowRun[] {
  const ordered = inOrder(events);
  const byFlow = [...Map.groupBy(joinFragments(ordered), ({ flowId }) => flowId)].map(([flowId, placed]) => ({
    flowId,
    events: placed.map(({ event }) => event),
  }));
  const built = byFlow.map((part) => (isSingleStep(part.events) ? undefined : runsOfFlow(part)));
  const flows = new Set(built.flatMap((runs) => runs?.map((run) => run.flow) ?? []));
  return byFlow.flatMap((part, index) => built[index] ?? (flows.has(part.events[0]?.step ?? '') ? runsOfFlow(part) : []));
}

/** Logs with an id for each line hold many flows of one ended step. They count only beside longer runs of their flow: alone they say nothing of order. */
function isSingleStep(events: readonly FlowEvent[]): boolean {
  const [event] = events;
  if (event === undefined || events.length > 1) return false;
  const ended = event.outcome !== 'started' && (event.outcome !== undefined || event.durationMs !== undefined);
  return event.step !== undefined && ended && event.sequence === undefined && event.kind !== 'span' && event.kind !== 'request';
}

function runsOfFlow({ flowId, events }: { flowId: string; events: readonly FlowEvent[] }): FlowRun[] {
  // A flow without a step has no run.
  if (!events.some((event) => event.step !== undefined)) return [];
  return splitAtEnds(events).flatMap((part) => runsOf(flowId, part));
}

function inOrder(events: readonly FlowEvent[]): readonly FlowEvent[] {
  const isOrdered = events.every((event, index) => {
    const before = events[index - 1];
    return before === undefined || compare(before, event) <= 0;
  });
  return isOrdered ? events : [...events].sort(compare);
}

function compare(a: FlowEvent, b: FlowEvent): number {
  return a.time - b.time || (a.source === b.source ? a.line - b.line : a.source < b.source ? -1 : 1);
}

interface Placed {
  flowId: string;
  event: FlowEvent;
}

/**
 * Runs of logs without ids are named after the line they began with. Where a batch of intake ended within such a run, its
 * rest began another: it is joined to the open run of the same source and sequence.
 */
function joinFragments(events: readonly FlowEvent[]): Placed[] {
  const open = new Map<string, { flowId: string; lastBeat: number }>();
  const renamed = new Map<string, string>();
  const placed: Placed[] = [];
  for (const event of events) {
    const { flowId, sequence } = event;
    if (flowId === undefined) continue;
    if (!flowId.startsWith('run:') || sequence === undefined) {
      placed.push({ flowId, event });
      continue;
    }
    const key = `${event.source}\n${sequence}`;
    const last = open.get(key);
    const beat = typeof event.beat === 'number' ? event.beat : 0;
    const isFirst = !renamed.has(flowId);
    if (isFirst) renamed.set(flowId, last !== undefined && beat > 1 && beat >= last.lastBeat ? last.flowId : flowId);
    const name = renamed.get(flowId) ?? flowId;
    if (event.kind === 'sequence' && event.outcome !== undefined && event.outcome !== 'started') open.delete(key);
    else open.set(key, { flowId: name, lastBeat: Math.max(beat, last?.flowId === name ? last.lastBeat : 0) });
    placed.push({ flowId: name, event });
  }
  return placed;
}

/** Request ids that count up come again after a restart: what follows the end of a request is another run. */
function splitAtEnds(events: readonly FlowEvent[]): FlowEvent[][] {
  const parts: FlowEvent[][] = [[]];
  let endedAt = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const start = event.time - (event.durationMs ?? 0);
    if (start > endedAt + 1_000) {
      parts.push([]);
      endedAt = Number.POSITIVE_INFINITY;
    }
    parts.at(-1)?.push(event);
    if (isEnvelope(event)) endedAt = event.time;
  }
  return parts;
}

function runsOf(flowId: string, events: readonly FlowEvent[]): FlowRun[] {
  const envelope = events.find(isEnvelope);
  const bySequence = Map.groupBy(events, (event) => event.sequence);
  return [...bySequence].flatMap(([sequence, own]) => {
    const run = sequence === undefined ? plainRun(flowId, own, envelope) : buildRun(sequence, flowId, own, envelope);
    return run === undefined ? [] : [run];
  });
}

/** A run without a declared sequence is named after the request or root span around it, else after its first step. */
function plainRun(flowId: string, events: readonly FlowEvent[], envelope: FlowEvent | undefined): FlowRun | undefined {
  const around = envelope ?? events.find((event) => event.kind === 'span' && event.parentSpanId === undefined);
  const inner = events.filter((event) => event !== around);
  const name = around?.operation ?? inner.find((event) => event.step !== undefined)?.step;
  return name === undefined ? undefined : buildRun(name, flowId, inner, around);
}

function buildRun(flow: string, flowId: string, events: readonly FlowEvent[], around: FlowEvent | undefined): FlowRun | undefined {
  const end = events.find((event) => event.kind === 'sequence' && event.outcome !== undefined && event.outcome !== 'started');
  const steps = stepInstances(events.filter((event) => event.kind !== 'sequence' && !isEnvelope(event)));
  const [first] = steps;
  if (first === undefined) return undefined;
  const request = around?.request ?? events.find((event) => event.request !== undefined)?.request;
  return {
    flow,
    flowId,
    release: events.find((event) => event.release !== undefined)?.release ?? '',
    events,
    steps,
    key: steps.map((step) => step.step).join(' > '),
    start: first.start,
    lastSeen: events.reduce((last, event) => Math.max(last, event.time), Number.NEGATIVE_INFINITY),
    ended: end !== undefined || around !== undefined,
    failed:
      steps.some((step) => step.failed) || end?.outcome === 'error' || (around?.request?.status ?? 0) >= 400 || around?.outcome === 'error',
    ...(request === undefined ? {} : { request }),
  };
}

function isEnvelope(event: FlowEvent): boolean {
  return event.kind === 'request' && event.request?.status !== undefined;
}
