import { allBeats, type BeatCall, type ChildCall, type Runtime, type SequenceResult } from '@selfheal/sequences/interpreter';
import type { Duration } from '@temporalio/common';
import {
  type ActivityFunction,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { BeatActivityCall, SequenceInput } from '../messages/messages.ts';
import { SHIP_QUEUE } from '../messages/names.ts';
import { createWaits } from './waits.ts';

const LOCAL_TIMEOUT: Duration = '10s';
const DEFAULT_TIMEOUT: Duration = '10m';
const HEARTBEAT_TIMEOUT: Duration = '30s';
const MAXIMUM_ATTEMPTS = 3;

/** Temporal's side of the Runtime port: the only place where the beat forms meet workflow calls. */
export function createTemporalRuntime(run: SequenceInput): Runtime {
  const approvals = allBeats(run.plan).flatMap((beat) => (beat.form === 'approval' ? [beat.id] : []));
  return {
    ...createWaits(approvals),
    runBeat: (call) => runBeat(run, call),
    startChild: (call) => startChild(run, call),
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
