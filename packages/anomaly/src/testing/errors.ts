import type { ErrorStats, StackFrame } from '@selfheal/contracts';
import { line, START } from './snapshot.ts';

export interface ErrorParts extends Partial<Omit<ErrorStats, 'examples'>> {
  readonly message?: string;
  readonly status?: number;
  readonly flowId?: string;
  /** Time of the example. */
  readonly at?: number;
}

/** An error as the telemetry package counts it: thrown in `src/label.ts`, unless told otherwise. */
export function errorOf({
  message = "Cannot read properties of undefined (reading 'country')",
  status,
  flowId = 'req-1',
  at = START,
  ...parts
}: ErrorParts = {}): ErrorStats {
  const frames = parts.frames ?? [frame('src/label.ts', 20, 'label'), frame('node_modules/web/handle.js', 190, 'handle', false)];
  return {
    fingerprint: parts.fingerprint ?? `${parts.type ?? 'TypeError'}:${message}`,
    type: 'TypeError',
    normalisedMessage: message,
    severity: 'error',
    count: 9,
    operations: { 'POST /labels': parts.count ?? 9 },
    firstSeen: at,
    lastSeen: at + 1000,
    ...parts,
    frames,
    examples: [
      {
        evidence: line(at, message),
        message,
        frames,
        flowId,
        ...(status === undefined ? {} : { request: { method: 'POST', path: '/labels', status } }),
      },
    ],
  };
}

export function frame(file: string, at: number, name: string, inApp = true): StackFrame {
  return { file, line: at, function: name, inApp };
}
