import type { AiRemediationPlan, BeatCall } from '@selfheal/sequences/interpreter';
import { workflowInfo } from '@temporalio/workflow';
import type { RemediationRouting } from '../messages/remediation.ts';
import { remediate } from './remediate.ts';

/** Whose failures they are, and who decides on them. */
export interface RemediationEngine {
  readonly projectId: string;
  readonly routing: RemediationRouting;
}

/** Runs a beat of this workflow, and lets the engine decide on it where it has failed for good. */
export function remediated(
  { projectId, routing }: RemediationEngine,
  call: BeatCall,
  plan: AiRemediationPlan,
  run: (input: unknown) => Promise<unknown>,
): Promise<unknown> {
  const { workflowId, runId } = workflowInfo();
  return remediate({
    projectId,
    routing,
    call,
    plan,
    run,
    failedIn: { workflowId, runId },
    attempts: `${workflowId}/${call.beat}/${call.ordinal}/remediate`,
    trigger: 'automatic',
  });
}
