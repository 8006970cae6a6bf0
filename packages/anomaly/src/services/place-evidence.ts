import type { ServiceEvidence } from '@selfheal/contracts';
import type { SlowPlace } from './latency-evidence.ts';

/**
 * Slow places as evidence about services. Own time speaks about its service. Time between two services may be either's: it speaks for the callee,
 * where all that call it see it; and for the caller, where it is slow towards several others, for what is fast to one and slow to another is not its own fault.
 */
export function placeEvidence(places: readonly SlowPlace[]): ServiceEvidence[] {
  const own = places
    .filter(({ callee, weight }) => callee === undefined && weight > 0)
    .map((place) => evidenceOf(place, place.service, 'slow code', weightOf(place)));
  const between = places.filter(({ callee }) => callee !== undefined);
  const inbound = [...groupBy(between, ({ callee }) => callee ?? '')].flatMap(([service, group]) => {
    const worst = group.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
    const total = sum(group.map((place) => Math.max(-3, weightOf(place))));
    return total > 0 ? [evidenceOf(worst, service, 'network', total)] : [];
  });
  const outbound = [...groupBy(between, ({ service }) => service)].flatMap(([service, group]) => {
    const byCallee = [...groupBy(group, ({ callee }) => callee ?? '').values()].map((list) => Math.max(...list.map(weightOf)));
    if (byCallee.filter((weight) => weight > 1).length < 2) return [];
    const total = sum(byCallee.map((weight) => Math.min(6, Math.max(-3, weight))));
    const worst = group.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
    return total > 0 ? [evidenceOf(worst, service, 'network', total)] : [];
  });
  return [...own, ...inbound, ...outbound];
}

/** The share of slow calls, and how slow they are: twice the logarithm of the excess (a heavy tail), less where it rests on fewer than four calls. */
function weightOf(place: SlowPlace): number {
  if (place.weight <= 0) return place.weight;
  return place.weight + 2 * Math.max(0, Math.log(place.seenMs / place.limitMs)) * Math.min(1, place.slowCalls / 4);
}

function evidenceOf(place: SlowPlace, service: string, kind: 'slow code' | 'network', weight: number): ServiceEvidence {
  return {
    service,
    kind,
    weight,
    operation: place.operation,
    what: place.callee === undefined ? 'own time' : `time between ${place.service} and ${place.callee}`,
    expected: `median ${place.baseMs.toFixed(1)} ms of ${place.baseCalls} calls, up to ${place.limitMs.toFixed(0)} ms`,
    seen: `median ${place.seenMs.toFixed(1)} ms, ${place.slowCalls} of ${place.calls} calls over the limit`,
    examples: place.examples,
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
