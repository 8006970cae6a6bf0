import type { OperationStats, RecordedCall, TelemetryEvent } from '@selfheal/contracts';
import { evidenceOf } from './evidence.ts';
import { contextOf, type FlowContext, isCompletion } from './flow-context.ts';
import { bottomK, hash53 } from './hash.ts';
import { LeastHashes } from './least-hashes.ts';
import { chooseCalls, recordedCallOf } from './recorded-calls.ts';
import { mergeSketches, packSketch, sketchOf } from './sketch.ts';

const MAX_SAMPLES = 256;
const MAX_SLOWEST = 5;
/** Candidates for the slowest, before all but these are dropped. */
const SLOW_CANDIDATES = 32;
const PRUNE_AT = 512;

interface Gathering {
  kind: OperationStats['kind'];
  handler?: string;
  count: number;
  errors: number;
  durations: number[];
  readonly samples: LeastHashes;
  firstSeen: number;
  lastSeen: number;
  slowest: OperationStats['slowest'];
  /** As slow as this is not among the slowest any more. */
  slowFrom: number;
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
    samples: new LeastHashes(MAX_SAMPLES),
    firstSeen: event.time,
    lastSeen: event.time,
    slowest: [],
    slowFrom: -1,
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
    into.samples.add(hash53(event.id), event.durationMs);
    if (event.durationMs > into.slowFrom) noteSlow(into, event, event.durationMs);
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

function noteSlow(into: Gathering, event: TelemetryEvent, durationMs: number): void {
  into.slowest.push({ ...evidenceOf(event), durationMs });
  if (into.slowest.length < SLOW_CANDIDATES) return;
  into.slowest = slowestOf(into.slowest);
  into.slowFrom = into.slowest.at(MAX_SLOWEST - 1)?.durationMs ?? -1;
}

function finish(operation: string, gathering: Gathering): OperationStats {
  const { durations, samples, slowest, slowFrom: _, calls, ...rest } = gathering;
  return {
    operation,
    ...rest,
    timed: durations.length,
    sumMs: durations.reduce((total, ms) => total + ms, 0),
    ...(durations.length === 0 ? {} : { sketch: packSketch(sketchOf(durations)) }),
    samples: samples.take(),
    slowest: slowestOf(slowest),
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
