import { SelfhealError } from '@selfheal/contracts/errors';
import { evaluateCondition } from './condition.ts';
import { withDeadline } from './deadline.ts';
import { beatError, failureOf } from './failure.ts';
import { fork, join, scopeOf } from './memory.ts';
import type { BeatPlan } from './plan.ts';
import { withRetry } from './retry.ts';
import { type Flow, isEnded, noticeOnce, ON, type Place } from './run.ts';
import { runApproval } from './run-approval.ts';
import { runChild } from './run-child.ts';
import { runForEach } from './run-for-each.ts';
import { runGraph } from './run-graph.ts';
import { runHandler } from './run-handler.ts';
import { runIf } from './run-if.ts';
import { runParallel } from './run-parallel.ts';
import { runGoto, runStop } from './run-stop.ts';
import { runWait } from './run-wait.ts';

/**
 * Runs one beat under its policy: condition, delay, retry, time limit, error handling.
 * @throws the beat's error, with its place, unless the beat says `continue`
 */
export async function runBeat(beat: BeatPlan, place: Place): Promise<Flow> {
  const { run, memory } = place;
  if (isEnded(place.lane)) throw givenUp(beat);
  try {
    if (beat.when && !evaluateCondition(beat.when, scopeOf(memory, run.runtime.now()))) return ON;
    if (beat.delayMs !== undefined) await run.runtime.sleep(beat.delayMs);
    sayWhatIsNotBuilt(beat, place);
    return await attempt(beat, place);
  } catch (error) {
    if (isOver(error, place)) throw error;
    const failure = beatError(error, beat, run.plan);
    if (beat.errorHandling !== 'continue') throw failure;
    run.failures.push(failureOf(failure, beat, place.movement));
    return ON;
  }
}

/** A handler is retried and timed by the engine; every other form here. What a failed attempt wrote is forgotten. */
async function attempt(beat: BeatPlan, place: Place): Promise<Flow> {
  if (beat.form === 'handler') return runHandler(beat, place);
  const { runtime } = place.run;
  const once = (): Promise<Flow> =>
    withDeadline(runtime, place.lane, beat.timeoutMs, `the beat "${beat.id}"`, async (lane) => {
      const memory = fork(place.memory);
      const flow = await runForm(beat, { ...place, memory, lane });
      if (isEnded(lane)) throw givenUp(beat);
      join(place.memory, memory);
      return flow;
    });
  return withRetry(beat.retry, once, { sleep: (ms) => runtime.sleep(ms), isOver: (error) => isOver(error, place) });
}

async function runForm(beat: Exclude<BeatPlan, { form: 'handler' }>, place: Place): Promise<Flow> {
  switch (beat.form) {
    case 'if':
      return runIf(beat, place);
    case 'parallel':
      return runParallel(beat, place);
    case 'forEach':
      return runForEach(beat, place);
    case 'wait':
      return runWait(beat, place);
    case 'approval':
      return runApproval(beat, place);
    case 'sequence':
      return runChild(beat, place);
    case 'graph':
      return runGraph(beat, place);
    case 'stop':
      return runStop(beat, place);
    case 'goto':
      return runGoto(beat, place);
  }
}

/** An error that is no failure of the beat: the engine cancels, or the branch was given up. */
function isOver(error: unknown, place: Place): boolean {
  return isEnded(place.lane) || place.run.runtime.isCancellation?.(error) === true;
}

function givenUp(beat: BeatPlan): SelfhealError {
  return new SelfhealError('CANCELLED', `the beat "${beat.id}" was not run to its end, because its branch was given up`);
}

function sayWhatIsNotBuilt(beat: BeatPlan, place: Place): void {
  if (beat.aiRemediation?.enabled === true) {
    noticeOnce(place.run, `beat "${beat.id}": aiRemediation is read and kept, but not acted on yet; the beat runs with its ordinary retry`);
  }
}
