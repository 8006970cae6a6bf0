import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  executeChild,
  log,
  ParentClosePolicy,
  proxyActivities,
  sleep,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { joinSweeps } from '../messages/join-sweeps.ts';
import type { HealInput, IngestInput, IngestResult, OffClockCall, SweepInput, SweepResult, SweepWindow } from '../messages/messages.ts';
import { ingestWorkflowId, WORKFLOWS } from '../messages/names.ts';
import { incidentAttribute, projectAttribute, stageAttribute } from './attributes.ts';
import { entriesOf, flagOf, listOf, runChildSequence, textOf } from './children.ts';

const INGEST_RETRY_MS = 500;

const { offClockWindows } = proxyActivities<{ offClockWindows(call: OffClockCall): Promise<SweepWindow[]> }>({
  startToCloseTimeout: '1m',
  retry: { maximumAttempts: 3 },
});

/** Statuses of an incident that ask for a heal; all others are under way, waiting for a person, or closed. */
const HEALABLE = new Set(['open']);

/** Reads what is new, looks for anomalies, and starts one heal for each incident that has none. Heals outlive the sweep. */
export async function sweep(input: SweepInput): Promise<SweepResult> {
  upsertSearchAttributes([{ key: projectAttribute, value: input.projectId }]);
  const ingested = input.ingest === undefined ? undefined : await ingestNow(input, input.ingest);
  const now = Date.now();
  const { projectId, lookbackMs, from, to } = input;
  const windows: Partial<SweepWindow>[] = [{ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  if (input.offClock === true) windows.push(...(await offClockWindows({ projectId, now, lookbackMs })));
  const sweeps = [];
  for (const [nth, window] of windows.entries()) sweeps.push(await sweepWindow(input, now, window, nth === 0 ? 'detect' : `detect-${nth}`));
  return { ...joinSweeps(sweeps), ...(ingested === undefined ? {} : { ingest: ingested }) };
}

async function sweepWindow(input: SweepInput, now: number, window: Partial<SweepWindow>, name: string): Promise<SweepResult> {
  const { projectId, lookbackMs } = input;
  const id = `${workflowInfo().workflowId}/${workflowInfo().runId}/${name}`;
  const output = await runChildSequence(input, 'anomaly.detect', id, { projectId, now, lookbackMs, ...window });
  const incidents = [];
  for (const entry of await entriesOf(output, 'incidents')) incidents.push(await startHeal(input, entry));
  return {
    healthy: flagOf(output, 'healthy'),
    summary: textOf(output, 'summary') ?? '',
    incidents,
    findings: (await listOf(output, 'findings')).filter((finding): finding is string => typeof finding === 'string'),
  };
}

/** Waits for a reader that is at work already: two readers of one source would do the same work twice. */
async function ingestNow(input: SweepInput, source: NonNullable<SweepInput['ingest']>): Promise<IngestResult> {
  const plan = input.plans['telemetry.parse'];
  if (plan === undefined) throw new TypeError('no plan for telemetry.parse');
  const argument: IngestInput = {
    projectId: input.projectId,
    paths: source.paths,
    ...(source.maxBytes === undefined ? {} : { maxBytes: source.maxBytes }),
    plan,
    routing: input.routing,
  };
  for (;;) {
    try {
      return await executeChild<(input: IngestInput) => Promise<IngestResult>>(WORKFLOWS.ingest, {
        workflowId: ingestWorkflowId(input.projectId),
        args: [argument],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(INGEST_RETRY_MS);
    }
  }
}

async function startHeal(input: SweepInput, entry: Record<string, unknown>): Promise<SweepResult['incidents'][number]> {
  const about = {
    id: textOf(entry, 'id') ?? '',
    fingerprint: textOf(entry, 'fingerprint') ?? '',
    workflowId: textOf(entry, 'workflowId') ?? '',
    type: textOf(entry, 'type') ?? '',
    title: textOf(entry, 'title') ?? '',
  };
  if (!HEALABLE.has(textOf(entry, 'status') ?? '')) return { ...about, started: false };
  const heal: HealInput = {
    projectId: input.projectId,
    incidentId: about.id,
    fingerprint: about.fingerprint,
    type: about.type,
    title: about.title,
    plans: input.plans,
    routing: input.routing,
    policy: input.policy,
  };
  try {
    await startChild<(input: HealInput) => Promise<unknown>>(WORKFLOWS.healIncident, {
      workflowId: about.workflowId,
      args: [heal],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: about.title.slice(0, 200),
      typedSearchAttributes: [
        { key: projectAttribute, value: input.projectId },
        { key: incidentAttribute, value: about.id },
        { key: stageAttribute, value: 'diagnose' },
      ],
    });
    return { ...about, started: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    log.info('a heal of this cause is under way', { incident: about.id });
    return { ...about, started: false };
  }
}
