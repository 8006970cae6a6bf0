import type { Diagnosis } from '../diagnosis.ts';
import type { Edit, RegressionTest } from '../fix.ts';
import type { PreviousAttempt } from './decision.ts';
import type { AttemptResult } from './records.ts';

/** What models are asked about an incident. */
export interface FixQuestion {
  /** Names the question: asked again after a crash it gives what was answered then, and nothing is paid twice. */
  readonly key: string;
  readonly workflowId: string;
  readonly diagnosis: Diagnosis;
  /** The test that a fix must make pass. Without one nothing can be proved, and the answer is a note for people. */
  readonly test?: RegressionTest;
  /** From 1. */
  readonly round: number;
  /** What came of the fixes of earlier rounds. */
  readonly previous: readonly PreviousAttempt[];
}

/** A fix that a model proposed; nothing of it is believed before it is proved. */
export interface ProposedFix {
  /** Id of the attempt that keeps it. */
  readonly id: string;
  readonly model: string;
  readonly reasoning: string;
  readonly edits: readonly Edit[];
}

/** The answers to one question. */
export interface FixRound {
  /** Epoch ms. */
  readonly askedAt: number;
  readonly fixes: readonly ProposedFix[];
  /** Why there is none, in words. */
  readonly why: string;
}

/** Asks models for fixes. A model that fails, lies or says nothing brings no fix and no error: what was found without it stands. */
export interface FixProposers {
  /** Undefined where no model can be asked. Rejects with CANCELLED alone. */
  propose(question: FixQuestion, signal: AbortSignal): Promise<FixRound | undefined>;
  /** Keeps what the proof said of a fix; `pending`: it holds so far; `stopped`: it was not tried. */
  conclude(id: string, result: Extract<AttemptResult, 'pending' | 'retry-failed' | 'refused' | 'stopped'>, detail: string): Promise<void>;
}
