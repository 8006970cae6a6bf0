import type { BeatCall } from '@selfheal/sequences/interpreter';
import type { Duration } from '@temporalio/common';
import { type ActivityFunction, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BeatActivityCall, Routing } from '../messages/messages.ts';
import { SHIP_QUEUE } from '../messages/names.ts';

const LOCAL_TIMEOUT: Duration = '10s';
const DEFAULT_TIMEOUT: Duration = '10m';
const HEARTBEAT_TIMEOUT: Duration = '30s';
const MAXIMUM_ATTEMPTS = 3;

/** Where a beat's activity runs. */
export interface BeatEngine {
  readonly projectId: string;
  readonly routing: Routing;
}

/** Runs the activity of a beat, with its retry and its time limit. */
export async function runBeat(run: BeatEngine, call: BeatCall): Promise<unknown> {
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

function remoteActivity(run: BeatEngine, call: BeatCall): ActivityFunction {
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
