import type { FailedBeat } from '@selfheal/contracts';
import type { AiRemediationPlan } from '@selfheal/sequences/interpreter';
import type { Routing } from './messages.ts';
import type { RemediationRouting } from './remediation.ts';

/** Input of a remediation that a person asked for. */
export interface RemediateAgainInput {
  readonly projectId: string;
  readonly failure: FailedBeat;
  readonly options: AiRemediationPlan;
  readonly routing: Routing & { readonly remediation: RemediationRouting };
}

export interface RemediateAgainResult {
  /** What the beat gave. */
  readonly output: unknown;
}
