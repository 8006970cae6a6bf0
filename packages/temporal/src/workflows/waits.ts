import type { Decision, DecisionRequest, EventOutcome, EventRequest, TimedOutcome, Waits } from '@selfheal/sequences/interpreter';
import { CancellationScope, condition, defineSignal, defineUpdate, isCancellation, log, setHandler, sleep } from '@temporalio/workflow';

/** Answers an approval beat of a sequence; refused unless that beat waits. */
export const decideBeat = defineUpdate<void, [beat: string, decision: Decision]>('decideBeat');
/** Tells a sequence that something happened. */
export const emitEvent = defineSignal<[event: string, payload: unknown]>('event');

/** What a sequence waits for: time, events by signal, and decisions by update on one of the `approvals`, which are ids of beats. */
export function createWaits(approvals: readonly string[]): Waits {
  const decisions = new Map<string, Decision>();
  const events = new Map<string, unknown[]>();
  setHandler(decideBeat, (beat, decision) => void decisions.set(beat, decision), {
    validator: (beat, _decision) => {
      if (decisions.has(beat)) throw new TypeError(`beat ${beat} is decided already`);
      // A worker that has just taken over gets the answer before it has replayed up to the wait, so the plan is asked and not the wait.
      if (!approvals.includes(beat))
        throw new TypeError(`beat ${beat} awaits no decision; approval beats: ${approvals.join(', ') || 'none'}`);
    },
  });
  setHandler(emitEvent, (event, payload) => void events.set(event, [...(events.get(event) ?? []), payload]));
  return {
    sleep: (ms) => sleep(ms),
    awaitDecision: (request) => awaitDecision(request, decisions),
    awaitEvent: (request) => awaitEvent(request, events),
    now: () => Date.now(),
    notice: (line) => log.info(line, { notice: true }),
    withTimeout,
    isCancellation,
  };
}

async function awaitDecision(request: DecisionRequest, decisions: Map<string, Decision>): Promise<Decision> {
  const answered = () => decisions.has(request.beat);
  const inTime =
    request.timeoutMs === undefined ? await condition(answered).then(() => true) : await condition(answered, request.timeoutMs);
  return inTime
    ? (decisions.get(request.beat) ?? { approved: false })
    : { approved: request.onTimeout === 'approve', by: 'timeout', why: 'no decision in time' };
}

async function awaitEvent(request: EventRequest, events: Map<string, unknown[]>): Promise<EventOutcome> {
  const arrived = () => (events.get(request.event)?.length ?? 0) > 0;
  if (request.timeoutMs === undefined) await condition(arrived);
  else if (!(await condition(arrived, request.timeoutMs))) return { received: false };
  return { received: true, payload: events.get(request.event)?.shift() };
}

/** Cancels what `work` started once time is up. */
async function withTimeout<T>(ms: number, work: () => Promise<T>): Promise<TimedOutcome<T>> {
  try {
    return { timedOut: false, value: await CancellationScope.withTimeout(ms, work) };
  } catch (error) {
    if (isCancellation(error) && !CancellationScope.current().consideredCancelled) return { timedOut: true };
    throw error;
  }
}
