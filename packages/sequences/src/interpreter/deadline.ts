import { SelfhealError } from '@selfheal/contracts/errors';
import { type Lane, sideLane } from './run.ts';
import type { TimedOutcome, Waits } from './runtime.ts';

/**
 * Runs something in a lane of its own for at most `timeoutMs`; once time is up the lane is ended.
 * @throws BEAT_TIMEOUT naming `what`
 */
export async function withDeadline<T>(
  runtime: Waits,
  parent: Lane,
  timeoutMs: number | undefined,
  what: string,
  run: (lane: Lane) => Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return run(parent);
  const lane = sideLane(parent);
  const outcome = await (runtime.withTimeout?.(timeoutMs, () => run(lane)) ?? raceWithSleep(runtime, timeoutMs, () => run(lane)));
  if (!outcome.timedOut) return outcome.value;
  lane.ended = true;
  throw new SelfhealError('BEAT_TIMEOUT', `${what} did not end within ${timeoutMs} ms`);
}

async function raceWithSleep<T>(runtime: Waits, ms: number, run: () => Promise<T>): Promise<TimedOutcome<T>> {
  const done = run().then((value): TimedOutcome<T> => ({ timedOut: false, value }));
  const late = runtime.sleep(ms).then((): TimedOutcome<T> => ({ timedOut: true }));
  return Promise.race([done, late]);
}
