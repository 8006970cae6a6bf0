import {
  allBeats,
  type BeatCall,
  type ChildCall,
  type Decision,
  type DecisionRequest,
  type EventOutcome,
  type EventRequest,
  type Runtime,
  type SequenceResult,
} from '@selfheal/sequences/interpreter';
import type { Duration } from '@temporalio/common';
import {
  type ActivityFunction,
  CancellationScope,
  condition,
  executeChild,
  isCancellation,
  log,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { BeatActivityCall, SequenceInput } from '../messages/messages.ts';
import { SHIP_QUEUE } from '../messages/names.ts';
import { decideBeat, emitEvent } from './definitions.ts';

const LOCAL_TIMEOUT: Duration = '10s';
const DEFAULT_TIMEOUT: Duration = '10m';
const HEARTBEAT_TIMEOUT: Duration = '30s';
const MAXIMUM_ATTEMPTS = 3;

/** Temporal's side of the Runtime port: the only place where the beat forms meet workflow calls. */
export function createTemporalRuntime(run: SequenceInput): Runtime {
  const decisions = new Map<string, Decision>();
  const approvals = allBeats(run.plan).flatMap((beat) => (beat.form === 'approval' ? [beat.id] : []));
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
    runBeat: (call) => runBeat(run, call),
    sleep: (ms) => sleep(ms),
    startChild: (call) => startChild(run, call),
    awaitDecision: (request) => awaitDecision(request, decisions),
    awaitEvent: (request) => awaitEvent(request, events),
    now: () => Date.now(),
    notice: (line) => log.info(line, { notice: true }),
    withTimeout: (ms, work) => withTimeout(ms, work),
    isCancellation,
  };
}

async function runBeat(run: SequenceInput, call: BeatCall): Promise<unknown> {
  const activity = run.routing.local.includes(call.handler) ? localActivity(call) : remoteActivity(run, call);
  const about: BeatActivityCall = {
    projectId: run.projectId,
    sequence: call.sequence,
    movement: call.movement,
    beat: call.beat,
    ordinal: call.ordinal,
    ...(call.event === undefined ? {} : { event: call.event }),
  };
  return activity(about, call.input);
}

function localActivity(call: BeatCall): ActivityFunction {
  const activities = proxyLocalActivities<Record<string, ActivityFunction>>({
    startToCloseTimeout: call.timeoutMs ?? LOCAL_TIMEOUT,
    retry: retryPolicy(call),
  });
  return named(activities, call.handler);
}

function remoteActivity(run: SequenceInput, call: BeatCall): ActivityFunction {
  const activities = proxyActivities<Record<string, ActivityFunction>>({
    startToCloseTimeout: call.timeoutMs ?? DEFAULT_TIMEOUT,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: retryPolicy(call),
    summary: call.event ?? call.beat,
    ...(run.routing.ship.includes(call.handler) ? { taskQueue: SHIP_QUEUE } : {}),
  });
  return named(activities, call.handler);
}

function named(activities: Record<string, ActivityFunction>, handler: string): ActivityFunction {
  const activity = activities[handler];
  if (activity === undefined) throw new TypeError(`no activity for ${handler}`);
  return activity;
}

function retryPolicy(call: BeatCall) {
  const { retry } = call;
  if (retry === undefined) return { maximumAttempts: MAXIMUM_ATTEMPTS };
  return {
    maximumAttempts: retry.maximumAttempts,
    initialInterval: retry.initialIntervalMs,
    backoffCoefficient: retry.backoff,
    maximumInterval: Math.max(retry.maximumIntervalMs, retry.initialIntervalMs),
  };
}

function startChild(run: SequenceInput, call: ChildCall): Promise<SequenceResult> {
  const plan = call.plan ?? run.children[call.sequence];
  if (plan === undefined) throw new TypeError(`no plan for the child sequence ${call.sequence}`);
  const input: SequenceInput = { ...run, plan, input: call.input };
  return executeChild<(input: SequenceInput) => Promise<SequenceResult>>(plan.id, {
    workflowId: `${workflowInfo().workflowId}/${call.beat}`,
    args: [input],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
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
async function withTimeout<T>(ms: number, work: () => Promise<T>): Promise<{ timedOut: true } | { timedOut: false; value: T }> {
  try {
    return { timedOut: false, value: await CancellationScope.withTimeout(ms, work) };
  } catch (error) {
    if (isCancellation(error) && !CancellationScope.current().consideredCancelled) return { timedOut: true };
    throw error;
  }
}
