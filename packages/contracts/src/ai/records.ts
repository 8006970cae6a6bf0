import { z } from 'zod';
import { failureContext } from './context.ts';
import { modelCall, proposal, remediationDecision, sentPrompt } from './decision.ts';

/** A prompt template. Its text is that of its current version. */
export const promptTemplate = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  description: z.string(),
  owner: z.string(),
  /** A private one is seen by its owner alone. */
  visibility: z.enum(['private', 'public']),
  tags: z.array(z.string()),
  version: z.int().positive(),
  /** Set where it is deleted; it can be restored, and records that name it still find it. */
  deletedAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type PromptTemplate = z.infer<typeof promptTemplate>;

/** One version of a template: its text never changes. Of a system template a record is made when one of its attempts ends. */
export const promptVersion = z.object({
  id: z.string(),
  projectId: z.string(),
  templateId: z.string(),
  version: z.int().positive(),
  text: z.string(),
  /** Variables that the text names. */
  variables: z.array(z.string()),
  author: z.string(),
  /** Attempts that used it and ended, and those of them that healed. */
  uses: z.int().nonnegative(),
  successes: z.int().nonnegative(),
  createdAt: z.number(),
});
export type PromptVersion = z.infer<typeof promptVersion>;

/** pending until it ended: healed, the retry failed, told to fail, escalated, refused (patch not allowed or not proved), stopped by stopAfter. */
export const attemptResult = z.enum(['pending', 'healed', 'retry-failed', 'failed', 'escalated', 'refused', 'stopped']);
export type AttemptResult = z.infer<typeof attemptResult>;

export const ATTEMPT_RETENTION_MS = 30 * 24 * 3_600_000;

/** One remediation attempt, kept 30 days. */
export const remediationAttempt = z.object({
  id: z.string(),
  projectId: z.string(),
  /** The workflow whose beat failed, and its run. */
  workflowId: z.string(),
  runId: z.string().optional(),
  sequence: z.string(),
  beat: z.string(),
  handler: z.string().optional(),
  incidentId: z.string().optional(),
  /** From 1, per failure. */
  attempt: z.int().positive(),
  trigger: z.enum(['automatic', 'manual']),
  errorFingerprint: z.string(),
  prompt: sentPrompt.optional(),
  context: failureContext.optional(),
  response: z.string().optional(),
  decision: remediationDecision.optional(),
  patchHash: z.string().optional(),
  /** What each proposer asked before the decision said, in order. */
  proposals: z.array(z.object({ proposer: z.string(), outcome: proposal.shape.outcome })),
  calls: z.array(modelCall),
  usage: proposal.shape.usage,
  notes: z.array(z.string()),
  /** Milliseconds by stage; `route` is from the decision to its first effect. */
  timings: z.partialRecord(z.enum(['context', 'propose', 'validate', 'route', 'retry', 'total']), z.number()),
  result: attemptResult,
  /** In words; for a retry that failed, its error. */
  detail: z.string(),
  createdAt: z.number(),
  endedAt: z.number().optional(),
  expiresAt: z.number(),
});
export type RemediationAttempt = z.infer<typeof remediationAttempt>;

/**
 * What is spent of one budget: of a month (`2026-11`, UTC) or of an incident. Reservations count as spent until they are settled, so a
 * crash between the two never gives money back. Dollars.
 */
export const aiSpend = z.object({
  id: z.string(),
  projectId: z.string(),
  scope: z.enum(['month', 'incident']),
  key: z.string(),
  costUsd: z.number().nonnegative(),
  /** Part of costUsd that is reserved by calls under way, or by ones that were cut off. */
  reservedUsd: z.number().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  calls: z.int().nonnegative(),
  updatedAt: z.number(),
});
export type AiSpend = z.infer<typeof aiSpend>;

/** An answer kept for equal prompts. `id` is the SHA-256 of model, settings and prompt. */
export const aiAnswer = z.object({
  id: z.string(),
  projectId: z.string(),
  model: z.string(),
  response: z.string(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type AiAnswer = z.infer<typeof aiAnswer>;
