import type { TelemetryEvent } from '@selfheal/contracts';
import { FINGERPRINT, OPERATION } from './facts.ts';

let made = 0;

/** A line of a log at `time` (epoch ms). */
export function eventAt(time: number, parts: Partial<TelemetryEvent>): TelemetryEvent {
  made += 1;
  return {
    id: `log:${made}`,
    time,
    timeFrom: 'own',
    severity: 'info',
    kind: 'log',
    format: 'json',
    source: 'app.log',
    line: made,
    text: 'line',
    ...parts,
  };
}

/** A request that was answered, spread from `from` on, 100 ms apart. */
export function requests(
  count: number,
  from: number,
  parts: Partial<TelemetryEvent> & { durations?: (at: number) => number } = {},
): TelemetryEvent[] {
  const { durations = () => 10, ...rest } = parts;
  return Array.from({ length: count }, (_, at) =>
    eventAt(from + at * 100, {
      kind: 'request',
      operation: OPERATION,
      operationKind: 'route',
      outcome: 'ok',
      durationMs: durations(at),
      request: { method: 'GET', path: '/cart', status: 200 },
      ...rest,
    }),
  );
}

/** Requests that fail with the incident's error, or another. */
export function failures(count: number, from: number, parts: Partial<TelemetryEvent> = {}, fingerprint = FINGERPRINT): TelemetryEvent[] {
  return requests(count, from, {
    severity: 'error',
    outcome: 'error',
    request: { method: 'GET', path: '/cart', status: 500 },
    error: {
      type: 'TypeError',
      message: 'Cannot read properties of undefined',
      normalisedMessage: 'Cannot read properties of undefined',
      frames: [{ file: 'src/cart.js', line: 2, inApp: true, function: 'first' }],
      fingerprint,
    },
    ...parts,
  });
}

/** Runs of the flow `checkout` that end, 1 s apart. */
export function runs(count: number, from: number, steps: readonly string[], parts: Partial<TelemetryEvent> = {}): TelemetryEvent[] {
  return Array.from({ length: count }, (_, run) => {
    const flowId = `run-${from}-${run}`;
    const own = { sequence: 'checkout', flowId, ...parts };
    const start = from + run * 1_000;
    return [
      ...steps.map((step, at) =>
        eventAt(start + at * 50 + 20, {
          kind: 'beat',
          step,
          operation: step,
          operationKind: 'beat',
          outcome: 'ok',
          durationMs: 20,
          ...own,
        }),
      ),
      eventAt(start + steps.length * 50 + 30, { kind: 'sequence', outcome: 'ok', ...own }),
    ];
  }).flat();
}
