import { z } from 'zod';
import { edit } from '../fix.ts';
import type { FailureContext } from './context.ts';
import { type AiRemediationOptions, decisionKind } from './options.ts';

/** What a proposer says is to be done about a failure. It is only a proposal: whoever made it, the same proof gates its patch. */
export const remediationDecision = z
  .object({
    decision: decisionKind,
    reasoning: z.string().min(1).max(8_000),
    /** 0..1, as the proposer claims. */
    confidence: z.number().min(0).max(1),
    /** RETRY alone may carry one; a RETRY without a patch runs the activity again as it is. */
    patch: z.object({ edits: z.array(edit).min(1).max(50) }).optional(),
    expectedOutcome: z.string().max(2_000).optional(),
    /** Name of the DecisionProposer. */
    proposer: z.string(),
    /** `provider/model`; absent for proposers without a model. */
    model: z.string().optional(),
  })
  .refine((made) => made.patch === undefined || made.decision === 'RETRY', { path: ['patch'], message: 'only RETRY may carry a patch' });
export type RemediationDecision = z.infer<typeof remediationDecision>;

/** One call of a model, made or refused. Costs in US dollars by the price table. */
export const modelCall = z.object({
  provider: z.string(),
  model: z.string(),
  purpose: z.enum(['decision', 'repair']),
  outcome: z.enum(['answered', 'cached', 'failed']),
  startedAt: z.number(),
  durationMs: z.number(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number(),
  /** HTTP requests that it took, retries included. */
  requests: z.int(),
  error: z.string().optional(),
});
export type ModelCall = z.infer<typeof modelCall>;

/** The prompt that a proposer sent. `hash` is the SHA-256 of its texts. */
export const sentPrompt = z.object({
  templateId: z.string(),
  templateVersion: z.int(),
  system: z.string(),
  user: z.string(),
  hash: z.string(),
});
export type SentPrompt = z.infer<typeof sentPrompt>;

export const abstention = z.object({
  /** off: not configured or without a key; budget: a limit is reached; unavailable: no provider answered; no-idea: nothing to propose. */
  reason: z.enum(['off', 'budget', 'unavailable', 'no-idea']),
  /** For people. */
  why: z.string(),
});
export type Abstention = z.infer<typeof abstention>;

/** What came of asking one proposer. An abstention is no decision: the next proposer is asked. */
export const proposal = z.object({
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('decided'), decision: remediationDecision }),
    z.object({ kind: z.literal('abstained'), abstention }),
  ]),
  prompt: sentPrompt.optional(),
  /** The raw answer, redacted; absent where no model was asked. */
  response: z.string().optional(),
  calls: z.array(modelCall),
  usage: z.object({ inputTokens: z.int(), outputTokens: z.int(), costUsd: z.number() }),
  /** What people must know: a limit that was reached, a fallback that was taken, a template that was not found. */
  notes: z.array(z.string()),
});
export type Proposal = z.infer<typeof proposal>;

/** What came of an earlier attempt at the same failure. */
export const previousAttempt = z.object({
  attempt: z.int().positive(),
  decision: decisionKind,
  reasoning: z.string(),
  patchHash: z.string().optional(),
  /** Why it did not help: the new error, or the output of the test that still fails. */
  outcome: z.string(),
});
export type PreviousAttempt = z.infer<typeof previousAttempt>;

export interface ProposeOptions {
  readonly projectId: string;
  /** What the spend is counted for: the incident's id, or the id of the failing workflow. */
  readonly incidentId: string;
  readonly remediation: AiRemediationOptions;
  /** From 1. */
  readonly attempt: number;
  readonly previous: readonly PreviousAttempt[];
  /** Number of the answer where several are wanted to one question, from 0: each is an answer of its own. */
  readonly sample?: number;
}

/** Decides on a failure. Deterministic ones and models fit it alike; plugins may bring others. Rejects only when `signal` aborts or on a defect. */
export interface DecisionProposer {
  readonly name: string;
  propose(context: FailureContext, options: ProposeOptions, signal: AbortSignal): Promise<Proposal>;
}
