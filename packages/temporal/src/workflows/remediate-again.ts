import { workflowInfo } from '@temporalio/workflow';
import type { RemediateAgainInput, RemediateAgainResult } from '../messages/remediate-again.ts';
import { asWorkflow } from './as-workflow.ts';
import { runBeat } from './beat-activity.ts';
import { healFailed } from './remediate.ts';

/** Remediates a recorded failure once more, as a person asked: decides on it anew, acts on that, and gives what the beat then gave. */
export function remediateAgain({ projectId, failure, options, routing }: RemediateAgainInput): Promise<RemediateAgainResult> {
  const { sequence, movement, beat, handler, ordinal, input, workflowId, runId } = failure;
  const call = { sequence, movement, beat, handler, kind: 'stage-crew' as const, ordinal, input };
  return asWorkflow(async () => {
    const output = await healFailed(
      {
        projectId,
        routing: routing.remediation,
        call,
        plan: options,
        run: (changed) => runBeat({ projectId, routing }, { ...call, input: changed }),
        failedIn: { workflowId, runId },
        attempts: workflowInfo().workflowId,
        trigger: 'manual',
      },
      failure.error,
    );
    return { output };
  });
}
