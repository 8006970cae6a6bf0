import { z } from 'zod';
import { evidenceLine, httpRequest, recordedFrame, severity, stackFrame } from './event.ts';
import { json } from './json.ts';

/** A recorded production call that went well or badly: material for tests and for checking patches. */
export const recordedCall = z.object({
  operation: z.string(),
  eventId: z.string(),
  outcome: z.enum(['ok', 'error']),
  input: json.optional(),
  output: json.optional(),
  request: httpRequest.optional(),
  durationMs: z.number().optional(),
  /** Frames with their values, innermost first, where the recorder saw the call. */
  frames: z.array(recordedFrame).optional(),
});
export type RecordedCall = z.infer<typeof recordedCall>;

/** [hash, ms] each. Checked as a whole: the schema of a tuple, asked for each of them, took longer than all else that storing a slice takes. */
const samples = z.custom<[number, number][]>(
  (value) => Array.isArray(value) && value.every(isSample),
  'expected a list of [hash, ms], both finite numbers',
);
const sample = { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], items: false, minItems: 2, maxItems: 2 };
samples._zod.toJSONSchema = () => ({ type: 'array', items: sample });

/** Statistics of one operation in one slice. Durations in ms. */
export const operationStats = z.object({
  operation: z.string(),
  kind: z.enum(['route', 'handler', 'span', 'beat', 'sequence', 'query', 'other']),
  handler: z.string().optional(),
  count: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  /** Events that carried a duration. */
  timed: z.int().nonnegative(),
  sumMs: z.number(),
  /** A DDSketch (relative accuracy 1 %), serialised as base64 protobuf: mergeable quantiles. Absent where nothing was timed. */
  sketch: z.string().optional(),
  /** At most 256 durations, an unbiased sample chosen by hash of the event id (bottom-k, so mergeable and deterministic): [hash, ms]. */
  samples,
  firstSeen: z.number(),
  lastSeen: z.number(),
  slowest: z.array(evidenceLine.extend({ durationMs: z.number() })).max(5),
  calls: z.array(recordedCall).max(24),
});
export type OperationStats = z.infer<typeof operationStats>;

export const errorExample = z.object({
  evidence: evidenceLine,
  message: z.string(),
  frames: z.array(stackFrame),
  request: httpRequest.optional(),
  input: json.optional(),
  operation: z.string().optional(),
  flowId: z.string().optional(),
});
export type ErrorExample = z.infer<typeof errorExample>;

export const errorStats = z.object({
  fingerprint: z.string(),
  type: z.string(),
  normalisedMessage: z.string(),
  severity,
  count: z.int().nonnegative(),
  operations: z.record(z.string(), z.int()),
  firstSeen: z.number(),
  lastSeen: z.number(),
  frames: z.array(stackFrame),
  examples: z.array(errorExample).max(5),
});
export type ErrorStats = z.infer<typeof errorStats>;

/** One way a flow ran: its steps in order of start. `key` joins them. */
export const flowVariant = z.object({
  key: z.string(),
  steps: z.array(z.string()),
  count: z.int().nonnegative(),
  /** Runs whose last step started but never ended within the slice. */
  stuck: z.int().nonnegative(),
  /** Runs that a step's error or a refused or failed request (status 400 and above) cut short. */
  failed: z.int().nonnegative().optional(),
  /** Mean time between the end of the step before and the start of this one, ms, by position; null where unknown. */
  gapsMs: z.array(z.number().nullable()),
  /** Mean duration of each step, ms, by position; null where unknown. */
  durationsMs: z.array(z.number().nullable()),
  /** Waiting that the log itself explains (declared waits), mean ms by position. */
  explainedWaitMs: z.array(z.number()),
  examples: z
    .array(z.object({ flowId: z.string(), lines: z.array(evidenceLine), input: json.optional(), request: httpRequest.optional() }))
    .max(3),
});
export type FlowVariant = z.infer<typeof flowVariant>;

/** Flows are folded from the lake's events over the whole window (a run may span batches); a run still under way at its end is left out. */
export const flowStats = z.object({ flow: z.string(), release: z.string(), count: z.int(), variants: z.array(flowVariant) });
export type FlowStats = z.infer<typeof flowStats>;

export const templateCount = z.object({
  id: z.string(),
  template: z.string(),
  severity,
  count: z.int(),
  /** One line of it; kept for warnings and errors. */
  example: evidenceLine.optional(),
});

/** All that was seen of one release in one stretch of time. Mergeable; what detectors read. */
export const telemetrySlice = z.object({
  release: z.string().describe('empty where the telemetry names none'),
  /** Epoch ms, a multiple of `bucketMs`. */
  bucketStart: z.number(),
  bucketMs: z.number(),
  events: z.int(),
  from: z.number(),
  to: z.number(),
  operations: z.array(operationStats),
  errors: z.array(errorStats),
  templates: z.array(templateCount),
});
export type TelemetrySlice = z.infer<typeof telemetrySlice>;

/** State of the template miner; opaque to all but packages/telemetry. */
export const minerState = z.object({
  version: z.int(),
  templates: z.array(z.object({ id: z.string(), tokens: z.array(z.string()), count: z.int() })),
  /** Ids that ended, each with the one that stands for it now, oldest first. What was stored before still names them. */
  renamed: z.record(z.string(), z.string()).optional(),
  /** The batch with which it was stored: tells whether another run stored its own since it was read. */
  revision: z.string().optional(),
});
export type MinerState = z.infer<typeof minerState>;

function isSample(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}
