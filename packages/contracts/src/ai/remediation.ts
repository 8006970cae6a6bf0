import { z } from 'zod';
import type { Ports } from '../ports.ts';
import type { RemediationDecision } from './decision.ts';

/** An error as it travels: what a failed activity left behind. */
export const failureError = z.object({
  /** Its class, or a code of our registry. */
  type: z.string(),
  message: z.string(),
  stack: z.string().exactOptional(),
  causes: z.array(z.object({ type: z.string(), message: z.string() })),
});
export type FailureError = z.infer<typeof failureError>;

/** A beat whose activity failed for good. */
export const failedBeat = z.object({
  sequence: z.string(),
  movement: z.string(),
  beat: z.string(),
  handler: z.string(),
  /** Tells calls of one beat apart. */
  ordinal: z.int(),
  workflowId: z.string(),
  runId: z.string(),
  /** What the handler was given; large values are references. */
  input: z.unknown(),
  error: failureError,
});
export type FailedBeat = z.infer<typeof failedBeat>;

export interface DecisionToHandle {
  readonly decision: Omit<RemediationDecision, 'patch'>;
  readonly failure: FailedBeat;
  /** What the handler was given, references resolved. */
  readonly input: unknown;
}

/** What is done about a decision: run the beat again (with other input), go on with an output, fail, or ask people. */
export const decisionOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retry'), input: z.unknown() }),
  z.object({ kind: z.literal('output'), output: z.unknown() }),
  z.object({ kind: z.literal('fail'), why: z.string().min(1) }),
  z.object({ kind: z.literal('escalate'), why: z.string().min(1) }),
]);
export type DecisionOutcome = z.infer<typeof decisionOutcome>;

/** Takes a decision in place of the built-in routing; named by `aiRemediation.decisionHandlers`. */
export type DecisionHandler = (decided: DecisionToHandle, ports: Ports) => DecisionOutcome | Promise<DecisionOutcome>;
