import { z } from 'zod';
import { json } from './json.ts';

export const severity = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type Severity = z.infer<typeof severity>;

/**
 * One stack frame. `file` is relative to the repository (POSIX separators) once mapped through source maps and found to be
 * `inApp`; else as it stood in the stack. `line` and `column` count from 1.
 */
export const stackFrame = z.object({
  function: z.string().optional(),
  file: z.string(),
  line: z.int().nonnegative(),
  column: z.int().nonnegative().optional(),
  inApp: z.boolean(),
});
export type StackFrame = z.infer<typeof stackFrame>;

/**
 * Arguments and locals of one call frame, as the recorder saw them. A value that JSON does not have is an object with `$type`: see
 * docs/recorder.md. Place as in a stack frame.
 */
export const recordedFrame = z.object({
  function: z.string(),
  file: z.string(),
  line: z.int().nonnegative(),
  column: z.int().nonnegative().optional(),
  inApp: z.boolean(),
  values: z.record(z.string(), json),
});
export type RecordedFrame = z.infer<typeof recordedFrame>;

/** What the recorder saw of an error (the frames it went through) or of a call that went well (its frame and result). */
export const recording = z.object({ frames: z.array(recordedFrame), result: json.optional() });
export type Recording = z.infer<typeof recording>;

/** An error as telemetry shows it. `normalisedMessage` has its variable parts replaced by `<*>`. */
export const telemetryError = z.object({
  type: z.string(),
  message: z.string(),
  normalisedMessage: z.string(),
  code: z.string().optional(),
  frames: z.array(stackFrame),
  cause: z.object({ type: z.string(), message: z.string(), frames: z.array(stackFrame) }).optional(),
  /** Groups equal errors: hash of type, normalised message and the first in-app frame (file and function). */
  fingerprint: z.string(),
});
export type TelemetryError = z.infer<typeof telemetryError>;

export const httpRequest = z.object({
  method: z.string(),
  /** The route pattern where known (`/orders/:id`), else absent. */
  route: z.string().optional(),
  path: z.string(),
  query: z.record(z.string(), json).optional(),
  params: z.record(z.string(), json).optional(),
  body: json.optional(),
  status: z.int().optional(),
});
export type HttpRequest = z.infer<typeof httpRequest>;

export const eventKind = z.enum(['log', 'request', 'beat', 'sequence', 'span', 'metric', 'release', 'lifecycle']);
export type EventKind = z.infer<typeof eventKind>;

/** One normalised telemetry event. Times are epoch milliseconds (fractions allowed), durations milliseconds. Texts are redacted. */
export const telemetryEvent = z.object({
  /** `<source id>:<byte offset>`; stable across re-reads. */
  id: z.string(),
  time: z.number(),
  /** `own`: the line's stamp; `neighbour`: taken from the lines around it; `ingest`: no stamp was near. */
  timeFrom: z.enum(['own', 'neighbour', 'ingest']),
  severity,
  kind: eventKind,
  format: z.string(),
  source: z.string(),
  line: z.int().nonnegative(),
  text: z.string(),
  templateId: z.string().optional(),
  variables: z.array(z.string()).optional(),
  service: z.string().optional(),
  release: z.string().optional(),
  /** What was running: `POST /orders`, a handler, a span or a beat's name. One name for one thing over all formats. */
  operation: z.string().optional(),
  operationKind: z.enum(['route', 'handler', 'span', 'beat', 'sequence', 'query', 'other']).optional(),
  handler: z.string().optional(),
  sequence: z.string().optional(),
  beat: z.union([z.int(), z.string()]).optional(),
  /** The step's name in a flow: a beat's event or handler. */
  step: z.string().optional(),
  outcome: z.enum(['started', 'ok', 'error']).optional(),
  durationMs: z.number().nonnegative().optional(),
  waitMs: z.number().nonnegative().optional(),
  error: telemetryError.optional(),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  parentSpanId: z.string().optional(),
  requestId: z.string().optional(),
  /** What groups events of one run of a flow: trace id, else request id, else sequence run. */
  flowId: z.string().optional(),
  request: httpRequest.optional(),
  /** Values that the line carried about a call, redacted: what went in and what came out. */
  input: json.optional(),
  output: json.optional(),
  recording: recording.optional(),
  /** Numeric measurements by name (metrics). */
  values: z.record(z.string(), z.number()).optional(),
});
export type TelemetryEvent = z.infer<typeof telemetryEvent>;

/** A cited line: enough for a person to find it again, and for a record to stand without the log. */
export const evidenceLine = z.object({
  eventId: z.string(),
  source: z.string(),
  line: z.int().nonnegative(),
  time: z.number(),
  text: z.string(),
});
export type EvidenceLine = z.infer<typeof evidenceLine>;
