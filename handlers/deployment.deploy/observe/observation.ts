import type { Anomaly, FlowStats, OperationStats, Ports, TelemetryEvent, TelemetrySlice } from '@selfheal/contracts';
import { foldFlows, mergeSlices, slicesOf } from '@selfheal/telemetry';
import { MOST_EVENTS } from './events-at-fix.ts';

/** Telemetry of one stretch, counted as the detectors count it. Times are epoch ms. */
export interface Observation {
  readonly from: number;
  readonly to: number;
  readonly slice: TelemetrySlice;
  readonly flows: readonly FlowStats[];
}

export function observe(events: readonly TelemetryEvent[], from: number, to: number): Observation {
  return { from, to, slice: mergeSlices(slicesOf(events)), flows: foldFlows(events, { now: to }) };
}

/** Production as it was with the fault: the release and window in which it was found, up to `until`. */
export async function observeBefore({ lake }: Pick<Ports, 'lake'>, anomaly: Anomaly, until: number): Promise<Observation> {
  const { projectId, release, window } = anomaly;
  const from = Math.min(window.from, until);
  const events = await lake.events({
    projectId,
    from,
    to: until,
    ...(release === undefined ? {} : { release }),
    order: 'desc',
    limit: MOST_EVENTS,
  });
  return observe(events.reverse(), from, until);
}

/** The operations that the anomaly is about; empty where none is named. */
export function operationsOf({ details, place }: Anomaly): string[] {
  switch (details.type) {
    case 'performance':
    case 'coverage':
      return [details.operation];
    case 'error':
      return Object.keys(details.error.operations);
    case 'behavioral':
    case 'signal':
      return place.operation === undefined ? [] : [place.operation];
  }
}

/** Statistics of the named operations; of all where none is named, since then any call could have shown the fault. */
export function statsOf({ slice }: Observation, operations: readonly string[]): OperationStats[] {
  return operations.length === 0 ? slice.operations : slice.operations.filter(({ operation }) => operations.includes(operation));
}

/** Calls of the operations and how many failed. An error that no operation names counts against the calls of all. */
export function callsOf(observation: Observation, operations: readonly string[]): { calls: number; failed: number } {
  const stats = statsOf(observation, operations);
  return { calls: sum(stats.map(({ count }) => count)), failed: sum(stats.map(({ errors }) => errors)) };
}

/** Durations in ms: an unbiased sample of at most 256 of each operation. */
export function durationsOf(observation: Observation, operations: readonly string[]): number[] {
  return statsOf(observation, operations).flatMap(({ samples }) => samples.map(([, ms]) => ms));
}

export function errorCount({ slice }: Observation, fingerprint: string): number {
  return sum(slice.errors.filter((error) => error.fingerprint === fingerprint).map(({ count }) => count));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
