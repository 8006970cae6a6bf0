import { workflowInfo } from '@temporalio/workflow';
import type { IngestInput, IngestResult } from '../messages/messages.ts';
import { entriesOf, flagOf, numberOf, runChildSequence, textOf } from './children.ts';

/** Runs a long backlog in stretches; past this many the schedule's next tick goes on. */
const MAXIMUM_RUNS = 2_000;
const KEPT_SUMMARIES = 20;

/** Runs telemetry.parse until everything that was there is read. One per project at a time, by its workflow id. */
export async function ingest(input: IngestInput): Promise<IngestResult> {
  const context = { projectId: input.projectId, plans: { 'telemetry.parse': input.plan }, routing: input.routing };
  const summaries: string[] = [];
  const rejected: { path: string; code: string; message: string }[] = [];
  let stored = 0;
  let runs = 0;
  for (let more = true; more && runs < MAXIMUM_RUNS; runs++) {
    const output = await runChildSequence(context, 'telemetry.parse', `${workflowInfo().workflowId}/${workflowInfo().runId}/${runs}`, {
      projectId: input.projectId,
      paths: input.paths,
      ...(input.maxBytes === undefined ? {} : { maxBytes: input.maxBytes }),
    });
    more = flagOf(output, 'more');
    stored += numberOf(output, 'stored');
    if (summaries.length < KEPT_SUMMARIES) summaries.push(textOf(output, 'summary') ?? '');
    for (const entry of (await entriesOf(output, 'rejected')).slice(0, KEPT_SUMMARIES)) {
      rejected.push({ path: textOf(entry, 'path') ?? '', code: textOf(entry, 'code') ?? '', message: textOf(entry, 'message') ?? '' });
    }
  }
  return { runs, stored, joined: false, rejected, summaries };
}
