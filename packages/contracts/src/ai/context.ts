import { z } from 'zod';
import { json } from '../json.ts';
import { contextConfig } from './options.ts';

/** Types of log slots. A value is shown only where nothing can be said with it; of what a stranger could have put into words it is not. */
export const slotType = z.enum(['number', 'duration', 'time', 'uuid', 'hex', 'ip', 'url', 'path', 'email', 'identifier', 'text', 'secret']);
export type SlotType = z.infer<typeof slotType>;

/** A log line as a model sees it: its constant part with slots named `<number>`, `<text>` ..., never the raw line. */
export const logTemplate = z.object({
  template: z.string(),
  /** In order of the slots of the template; each has its `value`, or where that could be words its `length` alone. */
  slots: z.array(z.object({ type: slotType, value: z.string().optional(), length: z.int().optional() })),
  /** Consecutive lines of the same template and values. */
  count: z.int().positive(),
  level: z.string().optional(),
  /** Epoch ms of the first. */
  at: z.number().optional(),
});
export type LogTemplate = z.infer<typeof logTemplate>;

/** Lines of one file, both ends included. `function` is set where they are one function. */
export const codePart = z.object({
  file: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  function: z.string().optional(),
  text: z.string(),
  /** Why it is shown. */
  why: z.enum(['frame', 'activity', 'callee', 'caller', 'workflow', 'similar', 'test']),
  /** 0..1; parts of low relevance are trimmed first. */
  relevance: z.number(),
});
export type CodePart = z.infer<typeof codePart>;

export const contextPartName = z.enum(['error', 'logs', 'code', 'environment', 'input', 'learned']);
export type ContextPartName = z.infer<typeof contextPartName>;

export const contextError = z.object({
  type: z.string(),
  message: z.string(),
  code: z.string().optional(),
  /** Frames of the stack, one each, the innermost first. */
  stack: z.array(z.string()),
  causes: z.array(z.object({ type: z.string(), message: z.string() })),
});
export type ContextError = z.infer<typeof contextError>;

/** What failed: a beat of a sequence, or an incident. */
export const failureSubject = z.object({
  sequence: z.string().optional(),
  beat: z.string().optional(),
  handler: z.string().optional(),
  workflowId: z.string().optional(),
  /** How often it had run when it failed for good. */
  attempts: z.int().optional(),
  incident: z
    .object({
      id: z.string(),
      class: z.string(),
      title: z.string(),
      severity: z.string().optional(),
      occurrences: z.int().optional(),
      /** What the diagnosis found, where there is one. */
      cause: z.string().optional(),
      /** Files that a fix may change. */
      files: z.string().optional(),
      /** What the test asserts that a fix must make pass. */
      proof: z.string().optional(),
    })
    .optional(),
});
export type FailureSubject = z.infer<typeof failureSubject>;

/**
 * Everything that a proposer is told of a failure: redacted, without control or zero-width characters, at most 50 KB as JSON. Its texts
 * come from outside and are data, never instructions.
 */
export const failureContext = z.object({
  subject: failureSubject,
  error: contextError.optional(),
  logs: z.array(logTemplate).optional(),
  code: z.array(codePart).optional(),
  environment: z
    .object({ node: z.string(), platform: z.string(), temporal: z.string().optional(), dependencies: z.record(z.string(), z.string()) })
    .optional(),
  /** What the failed beat was given, as JSON text. */
  input: z.string().optional(),
  /** Insights and accepted fixes of the same class, for prompts. */
  learned: z.record(z.string(), json).optional(),
  /** One paragraph for people. */
  summary: z.string(),
  config: contextConfig,
  sizes: z.object({
    /** Bytes of the parts as JSON. */
    bytes: z.int(),
    parts: z.partialRecord(contextPartName, z.int()),
    /** Estimated, not counted by the provider. */
    tokens: z.int(),
  }),
  /** What was taken away to keep the cap, by part. */
  trimmed: z.array(z.object({ part: contextPartName, bytesBefore: z.int(), bytesAfter: z.int(), what: z.string() })),
  /** Secrets that were replaced. */
  redactions: z.int(),
});
export type FailureContext = z.infer<typeof failureContext>;
