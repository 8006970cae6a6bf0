import type { DecisionKind, Edit, Proposal } from '@selfheal/contracts';

const NO_MODEL = { calls: [], usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 }, notes: [] };

export interface Decided {
  readonly decision: DecisionKind;
  readonly reasoning: string;
  readonly confidence: number;
  readonly edits?: readonly Edit[];
}

/** The answer of a proposer that asks no model. */
export function decided(proposer: string, { decision, reasoning, confidence, edits }: Decided): Proposal {
  const patch = edits && { patch: { edits: [...edits] } };
  return {
    ...NO_MODEL,
    outcome: { kind: 'decided', decision: { decision, reasoning: reasoning.slice(0, 8_000), confidence, proposer, ...patch } },
  };
}

export function noIdea(why: string): Proposal {
  return { ...NO_MODEL, outcome: { kind: 'abstained', abstention: { reason: 'no-idea', why } } };
}
