import type { TelemetryEvent } from '@selfheal/contracts';
import { event } from './sample-events.ts';

export const BATCH_EVENTS = 40;

/** Events `from` to `to` (exclusive) of a source that always says the same, one a second. */
export function sourceEvents(from: number, to: number): TelemetryEvent[] {
  const start = Date.UTC(2026, 10, 20, 23, 50);
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    return event(`source:${number}`, { time: start + number * 1000, line: number + 1, text: `event number ${number}` });
  });
}
