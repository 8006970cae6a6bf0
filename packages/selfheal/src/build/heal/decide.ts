import type { DecisionProposer, FailureContext, PreviousAttempt, RemediationDecision } from '@selfheal/contracts';
import type { BuildFailure } from './build-failure.ts';
import type { HealingTree } from './healing-tree.ts';
import { proposeDependency } from './propose-dependency.ts';
import { proposeLintFix } from './propose-lint-fix.ts';
import { proposeRepair } from './propose-repair.ts';

/** One attempt at one failure. */
export interface HealingAttempt {
  /** `build-2026.../app#build/1`: names it in records. */
  readonly id: string;
  readonly tree: HealingTree;
  readonly failure: BuildFailure;
  /** From 1. */
  readonly attempt: number;
  readonly previous: readonly PreviousAttempt[];
}

export type DecisionOrWhyNot =
  | { readonly kind: 'decided'; readonly decision: RemediationDecision }
  | { readonly kind: 'undecided'; readonly why: string };

/** Who says what is to be done about a failure, and is told what came of it. */
export interface HealingDecider {
  decide(attempt: HealingAttempt, signal: AbortSignal): Promise<DecisionOrWhyNot>;
  ended(attemptId: string, result: 'healed' | 'refused', detail: string): Promise<void>;
}

/** In the order in which they are asked: the surest and cheapest first. */
const PROPOSERS = [proposeDependency, proposeLintFix, proposeRepair];

export function proposersFor({ tree, failure }: HealingAttempt): readonly DecisionProposer[] {
  return PROPOSERS.map((make) => make(tree, failure));
}

/** Asks the proposers one after another until one decides, and remembers nothing. One that breaks is passed over. */
export const decideInProcess: HealingDecider = {
  async decide(attempt, signal) {
    const reasons: string[] = [];
    const { id: incidentId, previous } = attempt;
    const options = { projectId: 'build', incidentId, remediation: { enabled: true }, attempt: attempt.attempt, previous };
    for (const proposer of proposersFor(attempt)) {
      try {
        const { outcome } = await proposer.propose(contextOf(attempt), options, signal);
        if (outcome.kind === 'decided') return outcome;
        reasons.push(`${proposer.name}: ${outcome.abstention.why}`);
      } catch (error) {
        if (signal.aborted) throw error;
        reasons.push(`${proposer.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { kind: 'undecided', why: reasons.join('; ') };
  },
  ended: async () => undefined,
};

/** What proposers are told: the output is free of secrets already. */
function contextOf({ failure: { task, error } }: HealingAttempt): FailureContext {
  return {
    subject: { sequence: 'build', beat: task.id, handler: task.task },
    error: { type: 'BUILD_TASK_FAILED', message: error, stack: [], causes: [] },
    summary: `${task.id} failed: ${error.split('\n', 1)[0] ?? ''}`,
    config: {},
    sizes: { bytes: error.length, parts: { error: error.length }, tokens: 0 },
    trimmed: [],
    redactions: 0,
  };
}
