import type { Anomaly, ErrorDetails, Lake, RecordedCall, TelemetryEvent } from '@selfheal/contracts';

const FAILING_READ = 40;
const FAILING_KEPT = 8;
const FUNCTIONS = 4;
const PASSING_READ = 40;
const PASSING_KEPT = 8;

/**
 * What the recorder saw of an error and its functions: failing calls with the values of their frames, and calls of the same functions
 * that went well. A handled error of the same kind counts as well: what went in is the same.
 */
export async function recordedCallsOf({ projectId, window }: Anomaly, { error }: ErrorDetails, lake: Lake): Promise<RecordedCall[]> {
  const failing = await lake.events({ projectId, errorFingerprint: error.fingerprint, order: 'desc', limit: FAILING_READ });
  const failed = failing.filter((event) => event.recording !== undefined).slice(0, FAILING_KEPT);
  const passing: RecordedCall[] = [];
  for (const { name, file } of functionsOf(error, failed)) {
    const { from } = window;
    const events = await lake.events({ projectId, handler: name, from, order: 'desc', limit: PASSING_READ });
    const sampled = events.filter(({ recording }) => recording?.result !== undefined && recording.frames[0]?.file === file);
    passing.push(...sampled.slice(0, PASSING_KEPT).map((event) => toCall(event, name, 'ok')));
  }
  return [...failed.map((event) => toCall(event, event.operation ?? '', 'error')), ...passing];
}

/** Functions of the application that the error went through, innermost first. */
function functionsOf(error: ErrorDetails['error'], failed: readonly TelemetryEvent[]): { name: string; file: string }[] {
  const recorded = failed.flatMap(({ recording }) => recording?.frames ?? []);
  const found = new Map<string, { name: string; file: string }>();
  for (const frame of [...recorded, ...error.frames]) {
    const name = frame.function?.split('.').at(-1) ?? '';
    if (frame.inApp && name !== '') found.set(`${frame.file}\n${name}`, { name, file: frame.file });
  }
  return [...found.values()].slice(0, FUNCTIONS);
}

function toCall({ id, request, recording }: TelemetryEvent, operation: string, outcome: RecordedCall['outcome']): RecordedCall {
  return {
    operation,
    eventId: id,
    outcome,
    ...(request === undefined ? {} : { request }),
    ...(recording?.result === undefined ? {} : { output: recording.result }),
    ...(recording === undefined ? {} : { frames: recording.frames }),
  };
}
