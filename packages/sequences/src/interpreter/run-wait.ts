import { SelfhealError } from '@selfheal/contracts/errors';
import { remember } from './memory.ts';
import type { WaitBeat } from './plan.ts';
import { type Flow, ON, type Place } from './run.ts';

export type WaitTerms = Pick<WaitBeat, 'id' | 'ms' | 'awaitedEvent' | 'eventTimeoutMs' | 'onTimeout'>;

/**
 * Waits for a time or an event. The output is `{ waitedMs }` or `{ received, payload? }`; the payload's fields go into the baton.
 * @throws BEAT_TIMEOUT when the event did not come and `onTimeout` is `fail`
 */
export async function runWait(beat: WaitTerms, place: Place): Promise<Flow> {
  const { runtime } = place.run;
  if (beat.awaitedEvent === undefined) {
    const ms = beat.ms ?? 0;
    await runtime.sleep(ms);
    remember(place.memory, beat.id, { waitedMs: ms }, null);
    return ON;
  }
  const timeout = beat.eventTimeoutMs === undefined ? {} : { timeoutMs: beat.eventTimeoutMs };
  const outcome = await runtime.awaitEvent({ event: beat.awaitedEvent, ...timeout });
  remember(place.memory, beat.id, outcome, outcome.payload ?? null);
  return outcome.received ? ON : flowAfterTimeout(beat);
}

function flowAfterTimeout(beat: WaitTerms): Flow {
  const what = `the event "${beat.awaitedEvent}" did not come within ${beat.eventTimeoutMs} ms`;
  if (typeof beat.onTimeout === 'object') return { go: 'to', target: beat.onTimeout.goto };
  switch (beat.onTimeout) {
    case 'continue':
      return ON;
    case 'stop':
      return { go: 'end', status: 'stopped', reason: what };
    case 'reject':
      return { go: 'end', status: 'rejected', reason: what };
    case 'fail':
      throw new SelfhealError('BEAT_TIMEOUT', what);
  }
}
