import type { TelemetryError, TelemetryEvent } from '@selfheal/contracts';

export function event(id: string, changes: Partial<TelemetryEvent> = {}): TelemetryEvent {
  return {
    id,
    time: Date.UTC(2026, 10, 20, 12),
    timeFrom: 'own',
    severity: 'info',
    kind: 'log',
    format: 'json',
    source: 'app.log',
    line: 1,
    text: `event ${id}`,
    ...changes,
  };
}

export function failure(message: string, fingerprint: string): TelemetryError {
  return { type: 'TypeError', message, normalisedMessage: message, frames: [{ file: 'src/a.ts', line: 3, inApp: true }], fingerprint };
}
