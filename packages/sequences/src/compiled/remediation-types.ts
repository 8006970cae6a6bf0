/**
 * What remediation and its coordinator say to each other, as plain types: compiled projects have no schemas. A test holds that they are those
 * of the contracts.
 */

export type DecisionKind = 'RETRY' | 'FAIL' | 'ESCALATE';

/** What a beat says about its remediation. */
export interface AiRemediationOptions {
  enabled: boolean;
  promptTemplateId?: string;
  maxAiRetries?: number;
  model?: string;
  stopAfter?: 'decide' | 'validate' | 'retry';
  decisionHandlers?: { [decision in DecisionKind]?: string };
  contextConfig?: ContextConfig;
}

export interface ContextConfig {
  preset?: 'minimal' | 'standard' | 'comprehensive';
  errorDetails?: boolean;
  logs?: boolean;
  logLines?: number;
  code?: 'none' | 'activity' | 'workflow' | 'codebase';
  environment?: boolean;
  maxBytes?: number;
}

/** A reference to a large value that the engine stores. */
export interface Ref {
  $ref: string;
  bytes: number;
}

/** An error as it travels: what a failed activity left behind. */
export interface FailureError {
  type: string;
  message: string;
  stack?: string;
  causes: { type: string; message: string }[];
}

/** A beat whose activity failed for good. */
export interface FailedBeat {
  sequence: string;
  movement: string;
  beat: string;
  handler: string;
  ordinal: number;
  workflowId: string;
  runId: string;
  input: unknown;
  error: FailureError;
}

export interface RemediationDecision {
  decision: DecisionKind;
  reasoning: string;
  confidence: number;
  patch?: { edits: { file: string; search: string; replace: string }[] } | undefined;
  expectedOutcome?: string | undefined;
  proposer: string;
  model?: string | undefined;
}

/** What is done about a decision. */
export type DecisionOutcome =
  | { kind: 'retry'; input: unknown }
  | { kind: 'output'; output: unknown }
  | { kind: 'fail'; why: string }
  | { kind: 'escalate'; why: string };

export interface PreviousAttempt {
  attempt: number;
  decision: DecisionKind;
  reasoning: string;
  patchHash?: string | undefined;
  outcome: string;
}

export type AttemptResult = 'pending' | 'healed' | 'retry-failed' | 'failed' | 'escalated' | 'refused' | 'stopped';

/** Of the record of an attempt what workflows know. */
export interface RemediationAttempt {
  trigger: 'automatic' | 'manual';
  timings: { [stage in 'context' | 'propose' | 'validate' | 'route' | 'retry' | 'total']?: number };
}
