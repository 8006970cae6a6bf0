import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { HousekeepingInput, IngestInput, SweepInput } from '../messages/messages.ts';
import { housekeepingWorkflowId, ingestWorkflowId, sweepWorkflowId, TASK_QUEUE, WORKFLOWS } from '../messages/names.ts';

export interface Watch {
  readonly projectId: string;
  readonly parseMs: number;
  readonly sweepMs?: number;
  readonly ingest: IngestInput;
  readonly sweep?: SweepInput;
  /** Done once at once, then every `everyMs`. */
  readonly housekeeping?: { readonly everyMs: number; readonly input: HousekeepingInput };
}

/**
 * Puts the schedules of a project in place: continuous parsing, sweeps where `sweepMs` is given, and housekeeping where that is. Overlapping runs are skipped.
 * Existing schedules take the new settings.
 */
export async function watch(client: Client, request: Watch): Promise<void> {
  await upsert(client, ingestWorkflowId(request.projectId), request.parseMs, WORKFLOWS.ingest, request.ingest);
  if (request.sweep !== undefined && request.sweepMs !== undefined)
    await upsert(client, sweepWorkflowId(request.projectId), request.sweepMs, WORKFLOWS.sweep, request.sweep);
  if (request.housekeeping === undefined) return;
  const { everyMs, input } = request.housekeeping;
  const id = housekeepingWorkflowId(request.projectId);
  await upsert(client, id, everyMs, WORKFLOWS.housekeeping, input);
  await client.schedule.getHandle(id).trigger(ScheduleOverlapPolicy.SKIP);
}

/** Ends the schedules of a project; runs under way go on. */
export async function unwatch(client: Client, projectId: string): Promise<void> {
  for (const id of [ingestWorkflowId(projectId), sweepWorkflowId(projectId), housekeepingWorkflowId(projectId)]) {
    try {
      await client.schedule.getHandle(id).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }
}

async function upsert(
  client: Client,
  id: string,
  everyMs: number,
  workflowType: string,
  input: IngestInput | SweepInput | HousekeepingInput,
): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] };
  const action = { type: 'startWorkflow' as const, workflowType, workflowId: id, taskQueue: TASK_QUEUE, args: [input] };
  try {
    await client.schedule.create({ scheduleId: id, spec, action, policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10s' } });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(id).update((previous) => ({ ...previous, spec, action, state: { ...previous.state, paused: false } }));
  }
}
