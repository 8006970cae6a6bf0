import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { EMBEDDED_NAMESPACE } from '../messages/names.ts';
import { neutralHistory, type Replacements } from './neutral-history.ts';

/**
 * The longest completed history of each workflow type, encoded as Temporal's own protobuf message `History`. Types without a completed run are left out,
 * and so is the machine: `replacements` for texts that name it beside hosts and processes.
 */
export async function fetchHistories(
  address: string,
  types: readonly string[],
  replacements: Replacements,
): Promise<{ type: string; bytes: Uint8Array }[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace: EMBEDDED_NAMESPACE });
    const found = [];
    for (const type of types) {
      const longest = await longestRun(client, type);
      if (longest === undefined) continue;
      const history = await client.workflow.getHandle(longest.workflowId, longest.runId).fetchHistory();
      const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
      found.push({ type, bytes: neutralHistory(bytes, replacements) });
    }
    return found;
  } finally {
    await connection.close();
  }
}

async function longestRun(client: Client, type: string): Promise<{ workflowId: string; runId: string } | undefined> {
  let longest: { workflowId: string; runId: string; historyLength: number } | undefined;
  for await (const { workflowId, runId, historyLength } of client.workflow.list({
    query: `WorkflowType = '${type}' AND ExecutionStatus = 'Completed'`,
  })) {
    if (longest === undefined || historyLength > longest.historyLength) longest = { workflowId, runId, historyLength };
  }
  return longest;
}
