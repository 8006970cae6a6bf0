import type {
  AiRemediationOptions,
  AttemptResult,
  DecisionKind,
  DecisionOutcome,
  FailedBeat,
  PreviousAttempt,
  Ref,
  RemediationAttempt,
  RemediationDecision,
} from '@selfheal/contracts';

/** Input of a coordinator: one attempt at one failure. Its workflow id is the attempt's id. */
export interface CoordinatorInput {
  readonly projectId: string;
  readonly failure: FailedBeat;
  readonly options: AiRemediationOptions;
  /** Names, in the order in which they are asked; fixed when the sequence starts. */
  readonly proposers: readonly string[];
  /** From 1. */
  readonly attempt: number;
  readonly previous: readonly PreviousAttempt[];
  readonly trigger: RemediationAttempt['trigger'];
  /** Milliseconds that a person's decision is awaited where the decision is to escalate; 0: not at all. */
  readonly awaitPersonMs: number;
}

/** What was decided. The patch is in the attempt's record. */
export interface CoordinatorResult {
  readonly attemptId: string;
  readonly decision: DecisionSummary;
  readonly fingerprint: string;
  readonly patchHash?: string;
  /** Epoch ms of the decision. */
  readonly decidedAt: number;
}

/** A decision without its patch. */
export type DecisionSummary = Omit<RemediationDecision, 'patch'>;

/** What the parent needs to know of remediation; part of a sequence's routing. */
export interface RemediationRouting {
  readonly proposers: readonly string[];
  readonly coordinatorTimeoutMs: number;
  readonly awaitPersonMs: number;
}

export interface ContextGathered {
  readonly context: Ref;
  readonly fingerprint: string;
  readonly summary: string;
  readonly durationMs: number;
}

export interface AskProposer {
  readonly projectId: string;
  readonly attemptId: string;
  readonly proposer: string;
  readonly context: Ref;
  readonly failure: FailedBeat;
  readonly options: AiRemediationOptions;
  readonly attempt: number;
  readonly previous: readonly PreviousAttempt[];
}

/** What the coordinator goes by; the whole answer is stored, where there was one. */
export interface Asked {
  readonly proposer: string;
  readonly proposal?: Ref;
  readonly decision?: DecisionSummary;
  readonly patchHash?: string;
  /** Why it has none. */
  readonly abstained?: string;
}

export interface RecordAttempt {
  readonly attemptId: string;
  readonly input: CoordinatorInput;
  readonly gathered: ContextGathered;
  readonly asked: readonly Asked[];
  readonly decision: DecisionSummary;
  /** Set where the patch of the proposer who decided goes with the decision. */
  readonly patchHash?: string;
  readonly timings: RemediationAttempt['timings'];
  readonly startedAt: number;
}

export interface RetryRequest {
  readonly attemptId: string;
  readonly failure: FailedBeat;
  /** Prove the patch and go no further. */
  readonly proveOnly: boolean;
}

/** refused: the patch is not allowed or not proved, and nothing was run. */
export type RetryOutcome =
  | { readonly kind: 'healed'; readonly output: unknown; readonly proof: string }
  | { readonly kind: 'proved'; readonly proof: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: FailedBeat['error']; readonly proof: string };

export interface KeptPatch {
  /** For people: the merge or the pull request. */
  readonly where: string;
  readonly merged: boolean;
}

export interface EndAttempt {
  readonly projectId: string;
  readonly attemptId: string;
  readonly result: AttemptResult;
  readonly detail: string;
  readonly timings: RemediationAttempt['timings'];
}

export interface Escalation {
  readonly projectId: string;
  readonly attemptId: string;
  readonly failure: FailedBeat;
  readonly why: string;
}

/** A person's answer to an escalation. */
export interface PersonalDecision {
  readonly decision: Exclude<DecisionKind, 'ESCALATE'>;
  readonly by: string;
  readonly why: string;
}

/** Activities that remediation is made of. */
export interface RemediationActivities {
  gatherContext(input: CoordinatorInput): Promise<ContextGathered>;
  askProposer(request: AskProposer): Promise<Asked>;
  recordAttempt(request: RecordAttempt): Promise<void>;
  retryWithPatch(request: RetryRequest): Promise<RetryOutcome>;
  keepPatch(request: { readonly projectId: string; readonly attemptId: string; readonly proof: string }): Promise<KeptPatch>;
  escalate(request: Escalation): Promise<string>;
  handleDecision(request: HandleDecision): Promise<DecisionOutcome>;
  endAttempt(request: EndAttempt): Promise<void>;
}

export interface HandleDecision {
  readonly projectId: string;
  readonly handler: string;
  readonly attemptId: string;
  readonly failure: FailedBeat;
  readonly decision: DecisionSummary;
}
