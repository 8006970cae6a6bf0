import { ActivityFailure, isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { HousekeepingCall, HousekeepingInput, HousekeepingResult } from '../messages/messages.ts';

const { keepHouse } = proxyActivities<{ keepHouse(call: HousekeepingCall): Promise<string> }>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { maximumAttempts: 3 },
});

/**
 * Does the chores of its input one after the other and tells on one line what they removed. The chores are data, so a new one changes no
 * recorded run. One that fails keeps no other from being done; it is told, and tried again next time.
 */
export async function housekeeping(input: HousekeepingInput): Promise<HousekeepingResult> {
  const done: { chore: string; summary: string }[] = [];
  const failed: { chore: string; reason: string }[] = [];
  for (const chore of input.chores) {
    try {
      const summary = await keepHouse({ chore, projectId: input.projectId });
      if (summary !== '') done.push({ chore, summary });
    } catch (error) {
      if (isCancellation(error)) throw error;
      failed.push({ chore, reason: reasonOf(error) });
    }
  }
  const parts = [...done.map(({ summary }) => summary), ...failed.map(({ chore, reason }) => `${chore} failed: ${reason}`)];
  const line = `housekeeping: ${parts.length === 0 ? 'nothing to remove' : parts.join('; ')}`;
  if (parts.length > 0) log.info(line, { notice: true });
  return { line, done, failed };
}

function reasonOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
