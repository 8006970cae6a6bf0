import { SelfhealError } from '@selfheal/contracts';
import { cancellationSignal, getClient, heartbeat } from '@temporalio/activity';
import type { HousekeepingCall } from '../messages/messages.ts';
import { referencesOfOpenRuns } from './open-run-references.ts';

const HEARTBEAT_MS = 5_000;

/** What a chore may use. */
export interface ChoreContext {
  readonly signal: AbortSignal;
  /** The references that the histories of open runs name: values that must stay. */
  openReferences(): Promise<ReadonlySet<string>>;
}

/** Does one chore and says in a few words what it removed; empty where there was nothing to do. */
export type DoChore = (chore: string, projectId: string, context: ChoreContext) => Promise<string>;

/** The activity behind the housekeeping workflow; chores are the host's. */
export function housekeepingActivity(doChore: DoChore | undefined) {
  return async ({ chore, projectId }: HousekeepingCall): Promise<string> => {
    if (doChore === undefined) throw new SelfhealError('HANDLER_UNKNOWN', `this engine keeps no house: ${chore}`);
    const pulse = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      const openReferences = () => referencesOfOpenRuns(getClient(), () => heartbeat());
      return await doChore(chore, projectId, { signal: cancellationSignal(), openReferences });
    } finally {
      clearInterval(pulse);
    }
  };
}
