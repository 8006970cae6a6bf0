import type { HttpRequest, Json, RecordedFrame, Recording, TelemetryEvent } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { bounded } from './bounded-json.ts';

const WITH_BODY = /^(?:POST|PUT|PATCH)$/i;

/** Adds what the recorder saw to an event. A recorded call is found by the name of its function. */
export function addRecording(recording: Recording, event: TelemetryEvent): void {
  event.recording = recording;
  const [frame] = recording.frames;
  if (recording.result !== undefined && frame !== undefined && frame.function !== '') event.handler = frame.function;
  if (event.request === undefined) return;
  const request = withBody(event.request, recording.frames);
  if (request === undefined) event.request = undefined;
  else event.request = request;
}

/**
 * The recorder reads no bodies; but where a frame holds the framework's request, that has the parsed one. A request whose body is not known
 * is no request that could be sent again.
 */
function withBody(request: HttpRequest, frames: readonly RecordedFrame[]): HttpRequest | undefined {
  if (request.body !== undefined || !WITH_BODY.test(request.method)) return request;
  for (const { values } of frames) {
    for (const value of Object.values(values)) {
      const body = isObject(value) && value.$type === 'instance' && isObject(value.fields) ? bounded(value.fields.body) : undefined;
      if (body !== undefined && isPlain(body)) return { ...request, body };
    }
  }
  return undefined;
}

/** JSON as it came, nothing cut and nothing that JSON does not have. */
function isPlain(value: Json): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return !isObject(value) || (value.$type === undefined && Object.values(value).every(isPlain));
}
