import { z } from 'zod';
import { minerState, telemetrySlice } from './aggregate.ts';
import { aiAnswer, aiSpend, promptTemplate, promptVersion, remediationAttempt } from './ai/records.ts';
import { anomaly, incident } from './anomaly.ts';
import { codeCoverage } from './codebase.ts';
import { deployment } from './deployment.ts';
import { diagnosis } from './diagnosis.ts';
import { patch } from './fix.ts';
import { effectiveness, learnedModel, modelChange } from './learning.ts';
import { lakeBatch, rejectedInput, sourceOffset } from './source.ts';
import { validation } from './validation.ts';

export const project = z.object({ id: z.string(), root: z.string(), name: z.string(), createdAt: z.number() });
export type Project = z.infer<typeof project>;

/** A slice as stored: its part of one batch. Merged over batches when read. */
export const storedSlice = z.object({
  id: z.string(),
  projectId: z.string(),
  batchId: z.string(),
  release: z.string(),
  bucketStart: z.number(),
  slice: telemetrySlice,
});
export type StoredSlice = z.infer<typeof storedSlice>;

export const storedMiner = z.object({ id: z.string(), projectId: z.string(), state: minerState, updatedAt: z.number() });

export const storedCoverage = z.object({
  id: z.string(),
  projectId: z.string(),
  commit: z.string(),
  coverage: codeCoverage,
  createdAt: z.number(),
});

export const quarantined = z.object({ id: z.string(), projectId: z.string(), rejected: rejectedInput, createdAt: z.number() });

/** A patch hash that made things worse, with why. Never shipped again. */
export const barredPatch = z.object({
  id: z.string(),
  projectId: z.string(),
  hash: z.string(),
  why: z.string(),
  incidentId: z.string(),
  createdAt: z.number(),
});
export type BarredPatch = z.infer<typeof barredPatch>;

export const releaseMark = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  at: z.number(),
  commit: z.string().optional(),
  /** Told by a person or a deployment, not read from telemetry: then it holds for telemetry that names no release. */
  marked: z.boolean().optional(),
});
export type ReleaseMark = z.infer<typeof releaseMark>;

/** Who did what: approvals, rejections, merges, reverts, dismissals, undone model changes. */
export const auditEntry = z.object({
  id: z.string(),
  projectId: z.string(),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** Timing of each beat that ran, for people and for the bench. */
export const beatRun = z.object({
  id: z.string(),
  projectId: z.string(),
  workflowId: z.string(),
  sequence: z.string(),
  beat: z.string(),
  handler: z.string(),
  attempt: z.int(),
  startedAt: z.number(),
  durationMs: z.number(),
  outcome: z.enum(['ok', 'error']),
  error: z.string().optional(),
});
export type BeatRun = z.infer<typeof beatRun>;

/** Every kind of record with its schema. Each has a string `id`, unique within its kind. */
export const recordSchemas = {
  project,
  sourceOffset,
  batch: lakeBatch,
  slice: storedSlice,
  miner: storedMiner,
  quarantined,
  coverage: storedCoverage,
  anomaly,
  incident,
  diagnosis,
  patch,
  validation,
  deployment,
  effectiveness,
  model: learnedModel,
  modelChange,
  barredPatch,
  release: releaseMark,
  audit: auditEntry,
  beatRun,
  promptTemplate,
  promptVersion,
  remediationAttempt,
  aiSpend,
  aiAnswer,
} as const;
export type RecordKind = keyof typeof recordSchemas;
export type RecordOf<K extends RecordKind> = z.infer<(typeof recordSchemas)[K]>;
