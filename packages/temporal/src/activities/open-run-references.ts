import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TASK_QUEUE } from '../messages/names.ts';

const REFERENCE = /sha256-[0-9a-f]{64}/g;

/**
 * The `$ref` of every stored value (claim check) that the history of an open run names: inputs, results, markers of local activities,
 * signals. Whatever looks like a reference counts, for a value too many costs a file and one too few a run.
 */
export async function referencesOfOpenRuns(client: Client, onRun: () => void = () => undefined): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { workflowId, runId } of client.workflow.list({
    query: `ExecutionStatus = 'Running' AND TaskQueue = '${TASK_QUEUE}'`,
  })) {
    onRun();
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const bytes = Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish());
    for (const [reference] of bytes.toString('latin1').matchAll(REFERENCE)) found.add(reference);
  }
  return found;
}
