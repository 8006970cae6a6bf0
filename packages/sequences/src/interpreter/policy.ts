import { SelfhealError } from '@selfheal/contracts/errors';
import { withDeadline } from './deadline.ts';
import { type BeatPlace, beatError, failureOf, recordFailure } from './failure.ts';
import { fork, join } from './memory.ts';
import type { BeatBase } from './plan.ts';
import { withRetry } from './retry.ts';
import { type Flow, isEnded, ON, type Place, type Work } from './run.ts';

/** When a beat runs, and what its failure does. */
export interface Guard extends BeatPlace, Pick<BeatBase, 'delayMs' | 'errorHandling'> {
  readonly when?: () => boolean;
}

/**
 * Runs a beat where its condition holds, after its delay.
 * @throws the beat's error, with its place, unless the beat says `continue`
 */
export async function guarded<P extends Place>(beat: Guard, place: P, work: Work<P>): Promise<Flow> {
  const { run } = place;
  if (isEnded(place.lane)) throw givenUp(beat);
  try {
    if (beat.when?.() === false) return ON;
    if (beat.delayMs !== undefined) await run.runtime.sleep(beat.delayMs);
    return await work(place);
  } catch (error) {
    if (isOver(error, place)) throw error;
    const failure = beatError(error, beat, run.plan);
    if (beat.errorHandling !== 'continue') throw failure;
    recordFailure(place, failureOf(failure, beat, place.movement));
    return ON;
  }
}

/** Retries and times a beat that is more than one handler; a handler is retried and timed by the engine. What a failed attempt wrote is forgotten. */
export async function attempted<P extends Place>(
  beat: BeatPlace & Pick<BeatBase, 'retry' | 'timeoutMs'>,
  place: P,
  work: Work<P>,
): Promise<Flow> {
  const { runtime } = place.run;
  const once = (): Promise<Flow> =>
    withDeadline(runtime, place.lane, beat.timeoutMs, `the beat "${beat.id}"`, async (lane) => {
      const memory = fork(place.memory);
      const flow = await work({ ...place, memory, lane });
      if (isEnded(lane)) throw givenUp(beat);
      join(place.memory, memory);
      return flow;
    });
  return withRetry(beat.retry, once, { sleep: (ms) => runtime.sleep(ms), isOver: (error) => isOver(error, place) });
}

/** An error that is no failure of the beat: the engine cancels, or the branch was given up. */
function isOver(error: unknown, place: Place): boolean {
  return isEnded(place.lane) || place.run.runtime.isCancellation?.(error) === true;
}

function givenUp(beat: BeatPlace): SelfhealError {
  return new SelfhealError('CANCELLED', `the beat "${beat.id}" was not run to its end, because its branch was given up`);
}
