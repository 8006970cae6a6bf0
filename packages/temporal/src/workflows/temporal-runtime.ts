import { allBeats, type BeatCall, type ChildCall, type Runtime, type SequenceResult } from '@selfheal/sequences/interpreter';
import { executeChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { SequenceInput } from '../messages/messages.ts';
import { runBeat } from './beat-activity.ts';
import { remediated } from './remediated.ts';
import { createWaits } from './waits.ts';

/** Temporal's side of the Runtime port: the only place where the beat forms meet workflow calls. */
export function createTemporalRuntime(run: SequenceInput): Runtime {
  const approvals = allBeats(run.plan).flatMap((beat) => (beat.form === 'approval' ? [beat.id] : []));
  return {
    ...createWaits(approvals),
    remediates: run.routing.remediation !== undefined,
    runBeat: (call) => runRemediated(run, call),
    startChild: (call) => startChild(run, call),
  };
}

function runRemediated(run: SequenceInput, call: BeatCall): Promise<unknown> {
  const { aiRemediation: plan } = call;
  const routing = run.routing.remediation;
  if (plan?.enabled !== true || routing === undefined) return runBeat(run, call);
  return remediated({ projectId: run.projectId, routing }, call, plan, (input) => runBeat(run, { ...call, input }));
}

function startChild(run: SequenceInput, call: ChildCall): Promise<SequenceResult> {
  const plan = call.plan ?? run.children[call.sequence];
  if (plan === undefined) throw new TypeError(`no plan for the child sequence ${call.sequence}`);
  const input: SequenceInput = { ...run, plan, input: call.input };
  return executeChild<(input: SequenceInput) => Promise<SequenceResult>>(plan.id, {
    workflowId: `${workflowInfo().workflowId}/${call.beat}`,
    args: [input],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
}
