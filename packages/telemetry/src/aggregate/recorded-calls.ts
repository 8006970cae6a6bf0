import type { Json, RecordedCall, TelemetryEvent } from '@selfheal/contracts';
import { hash53 } from './hash.ts';

const MAX_ERRORS = 8;
const MAX_SLOW = 8;
const MAX_OTHERS = 8;

/** The call that an event tells of, where it tells more than that it happened. */
export function recordedCallOf(event: TelemetryEvent, operation: string, input: Json | undefined): RecordedCall | undefined {
  const known = event.input ?? input;
  if (event.request === undefined && known === undefined && event.output === undefined) return undefined;
  return {
    operation,
    eventId: event.id,
    outcome: event.outcome === 'error' ? 'error' : 'ok',
    ...(known === undefined ? {} : { input: known }),
    ...(event.output === undefined ? {} : { output: event.output }),
    ...(event.request === undefined ? {} : { request: event.request }),
    ...(event.durationMs === undefined ? {} : { durationMs: event.durationMs }),
  };
}

/**
 * At most 24 calls worth keeping: failed ones, the slowest, and others by hash; different ones before repeated ones, those
 * with data before bare ones. Choosing again from chosen ones gives the same, so it merges.
 */
export function chooseCalls(calls: readonly RecordedCall[]): RecordedCall[] {
  const ranked = calls.map((call) => ({ call, shape: shapeOf(call), rank: hash53(call.eventId) }));
  ranked.sort((a, b) => richness(b.call) - richness(a.call) || a.rank - b.rank);
  const chosen = new Map<string, RecordedCall>();
  const take = (from: readonly { call: RecordedCall; shape: string }[], limit: number): void => {
    const shapes = new Set<string>();
    let left = limit;
    for (const { call, shape } of from) {
      if (left === 0) return;
      if (chosen.has(call.eventId) || shapes.has(shape)) continue;
      shapes.add(shape);
      chosen.set(call.eventId, call);
      left -= 1;
    }
  };
  take(
    ranked.filter(({ call }) => call.outcome === 'error'),
    MAX_ERRORS,
  );
  const ok = ranked.filter(({ call }) => call.outcome === 'ok');
  take(
    [...ok].sort((a, b) => (b.call.durationMs ?? -1) - (a.call.durationMs ?? -1) || a.rank - b.rank),
    MAX_SLOW,
  );
  take(ok, MAX_OTHERS);
  return [...chosen.values()];
}

function shapeOf(call: RecordedCall): string {
  const { request } = call;
  return JSON.stringify([call.input, request?.path, request?.query, request?.body]);
}

/** A call that shows input and output makes a better test case than one that shows its path. */
function richness(call: RecordedCall): number {
  return (call.input === undefined && call.request?.body === undefined ? 0 : 2) + (call.output === undefined ? 0 : 1);
}
