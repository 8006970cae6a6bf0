import { SelfhealError } from '@selfheal/contracts';
import { activityInfo, Context, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { RemediationActivities } from '../messages/remediation.ts';
import { asFailure } from './as-failure.ts';

const HEARTBEAT_MS = 5_000;

/** What an activity of remediation is told of its run. */
export interface RemediationCall {
  readonly signal: AbortSignal;
  readonly attempt: number;
  heartbeat(progress?: string): void;
}

/** Does what the activities of remediation ask for; each is repeated after a crash, and finds then what it did before. */
export type RemediationHost = {
  readonly [K in keyof RemediationActivities]: (
    request: Parameters<RemediationActivities[K]>[0],
    call: RemediationCall,
  ) => ReturnType<RemediationActivities[K]>;
};

const NAMES = [
  'gatherContext',
  'askProposer',
  'recordAttempt',
  'retryWithPatch',
  'keepPatch',
  'escalate',
  'handleDecision',
  'endAttempt',
] as const satisfies readonly (keyof RemediationActivities)[];

/** The activities of remediation; what the host does not do is refused. */
export function remediationActivities(host: Partial<RemediationHost> = {}): Record<string, (request: never) => Promise<unknown>> {
  return Object.fromEntries(NAMES.map((name) => [name, (request: never) => perform(host, name, request)]));
}

async function perform<K extends keyof RemediationActivities>(
  host: Partial<RemediationHost>,
  name: K,
  request: Parameters<RemediationActivities[K]>[0],
): Promise<unknown> {
  const pulse = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    const act = host[name];
    if (act === undefined) throw new SelfhealError('HANDLER_UNKNOWN', `this engine does not remediate: ${name}`);
    const call: RemediationCall = {
      signal: cancellationSignal(),
      attempt: activityInfo().attempt,
      heartbeat: (progress) => Context.current().heartbeat(progress),
    };
    return await act(request, call);
  } catch (error) {
    throw asFailure(error);
  } finally {
    clearInterval(pulse);
  }
}
