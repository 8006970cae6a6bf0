import type { OperationStats, RecordedCall, TelemetryEvent } from '@selfheal/contracts';
import { evidenceOf } from './evidence.ts';
import { contextOf, type FlowContext, isCompletion } from './flow-context.ts';
import { bottomK, hash53 } from './hash.ts';
import { chooseCalls, recordedCallOf } from './recorded-calls.ts';
import { mergeSketches, packSketch, sketchOf } from './sketch.ts';

const MAX_SAMPLES = 256;
const MAX_SLOWEST = 5;
const PRUNE_AT = 512;

interface Gathering {
  kind: OperationStats['kind'];
  handler?: string;
  count: number;
  errors: number;
  durations: number[];
  samples: [number, number][];
  /** A hash at and above which no sample can be among the smallest any more. */
  sampledBelow: number;
  firstSeen: number;
  lastSeen: number;
  slowest: OperationStats['slowest'];
  calls: RecordedCall[];
}

/** Statistics of each operation of the events. An error's own line counts as a call only where no line tells the call's end. */
export function operationStats(events: readonly TelemetryEvent[], contexts: ReadonlyMap<string, FlowContext>): OperationStats[] {
  const byName = new Map<string, Gathering>();
  for (const event of events) {
    const { operation } = event;
    // A recording is a sample: counted, it would make the operation look busier and worse than it is.
    if (operation === undefined || event.recording !== undefined) continue;
    const context = contextOf(event, contexts);
    const completion = isCompletion(event);
    if (!completion && !(event.outcome === 'error' && context?.completed.has(operation) !== true)) continue;
    const gathering = byName.get(operation) ?? start(event);
    byName.set(operation, gathering);
    gather(gathering, event, operation, context);
  }
  return [...byName].map(([operation, gathering]) => finish(operation, gathering)).sort((a, b) => (a.operation < b.operation ? -1 : 1));
}

/** Merges statistics of one operation from several slices. */
export function mergeOperationStats(parts: readonly OperationStats[]): OperationStats {
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to merge: at least one part is needed');
  if (parts.length === 1) return first;
  const sketch = mergeSketches(parts.flatMap((part) => part.sketch ?? []));
  const handler = parts.find((part) => part.handler !== undefined)?.handler;
  return {
    operation: first.operation,
    kind: first.kind,
    ...(handler === undefined ? {} : { handler }),
    count: sum(parts, (part) => part.count),
    errors: sum(parts, (part) => part.errors),
    timed: sum(parts, (part) => part.timed),
    sumMs: sum(parts, (part) => part.sumMs),
    ...(sketch === undefined ? {} : { sketch }),
    samples: bottomK(
      parts.flatMap((part) => part.samples),
      MAX_SAMPLES,
    ),
    firstSeen: Math.min(...parts.map((part) => part.firstSeen)),
    lastSeen: Math.max(...parts.map((part) => part.lastSeen)),
    slowest: slowestOf(parts.flatMap((part) => part.slowest)),
    calls: chooseCalls(parts.flatMap((part) => part.calls)),
  };
}

function start(event: TelemetryEvent): Gathering {
  return {
    kind: event.operationKind ?? 'other',
    count: 0,
    errors: 0,
    durations: [],
    samples: [],
    sampledBelow: Number.POSITIVE_INFINITY,
    firstSeen: event.time,
    lastSeen: event.time,
    slowest: [],
    calls: [],
  };
}

function gather(into: Gathering, event: TelemetryEvent, operation: string, context: FlowContext | undefined): void {
  into.count += 1;
  if (event.outcome === 'error') into.errors += 1;
  if (event.handler !== undefined) into.handler = event.handler;
  into.firstSeen = Math.min(into.firstSeen, event.time);
  into.lastSeen = Math.max(into.lastSeen, event.time);
  if (event.durationMs !== undefined) {
    into.durations.push(event.durationMs);
    sample(into, hash53(event.id), event.durationMs);
    const least = into.slowest.length < MAX_SLOWEST ? -1 : (into.slowest.at(-1)?.durationMs ?? -1);
    if (event.durationMs > least) into.slowest = slowestOf([...into.slowest, { ...evidenceOf(event), durationMs: event.durationMs }]);
  }
  const told =
    event.operationKind === 'route' && context?.request !== undefined
      ? { ...event, request: { ...context.request, ...event.request } }
      : event;
  const call = recordedCallOf(told, operation, event.operationKind === 'route' ? context?.input : undefined);
  if (call === undefined) return;
  into.calls.push(call);
  if (into.calls.length > PRUNE_AT) into.calls = chooseCalls(into.calls);
}

function sample(into: Gathering, hash: number, durationMs: number): void {
  if (hash >= into.sampledBelow) return;
  into.samples.push([hash, durationMs]);
  if (into.samples.length <= MAX_SAMPLES * 4) return;
  into.samples = bottomK(into.samples, MAX_SAMPLES);
  into.sampledBelow = into.samples.at(-1)?.[0] ?? into.sampledBelow;
}

function finish(operation: string, gathering: Gathering): OperationStats {
  const { durations, samples, sampledBelow: _, calls, ...rest } = gathering;
  return {
    operation,
    ...rest,
    timed: durations.length,
    sumMs: durations.reduce((total, ms) => total + ms, 0),
    ...(durations.length === 0 ? {} : { sketch: packSketch(sketchOf(durations)) }),
    samples: bottomK(samples, MAX_SAMPLES),
    calls: chooseCalls(calls),
  };
}

function slowestOf(lines: OperationStats['slowest']): OperationStats['slowest'] {
  const distinct = new Map(lines.map((line) => [line.eventId, line]));
  return [...distinct.values()].sort((a, b) => b.durationMs - a.durationMs || (a.eventId < b.eventId ? -1 : 1)).slice(0, MAX_SLOWEST);
}

function sum(parts: readonly OperationStats[], of: (part: OperationStats) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}
