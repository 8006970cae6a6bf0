import type { BeatContext, Blobs, Ports, Ref } from '@selfheal/contracts';
import { activityInfo, Context, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { BeatActivityCall, HousekeepingCall, IncidentMark, OffClockCall, SweepWindow } from '../messages/messages.ts';
import { asFailure } from './as-failure.ts';
import { type DoChore, housekeepingActivity } from './housekeeping-activity.ts';
import { type RemediationHost, remediationActivities } from './remediation-activities.ts';
import { type Beat, runBeat } from './run-beat.ts';

const HEARTBEAT_MS = 5_000;

export type BeatObserver = (run: {
  call: BeatActivityCall;
  handler: string;
  workflowId: string;
  attempt: number;
  startedAt: number;
  durationMs: number;
  error?: unknown;
  input: unknown;
}) => void;

export interface BeatHost {
  readonly beats: readonly Beat[];
  readonly blobs: Blobs;
  /** The ports of one beat of one project. */
  ports(projectId: string, beat: BeatContext): Promise<Ports>;
  /** Runs a beat away from the main thread; `input` and the result may hold references. Undefined for beats that run in the main one. */
  runInThread?(beat: Beat, input: unknown, context: BeatContext): Promise<unknown> | undefined;
  /** Told of each beat that ended. */
  onBeat?: BeatObserver;
  markIncident(mark: IncidentMark): Promise<void>;
  /** Does one chore of the housekeeping workflow. */
  doChore?: DoChore;
  /** Windows of sources whose clock is off; without it there are none. */
  offClockWindows?(call: OffClockCall): Promise<SweepWindow[]>;
  /** Decides on beats that failed for good; without it they fail. */
  remediation?: RemediationHost;
}

type Activities = Record<string, (...args: never[]) => Promise<unknown>>;

/** One activity for each handler, of the handler's name, the engine's own `markIncident`, `offClockWindows`, `readStored` and `keepHouse`, and those of remediation. */
export function createBeatActivities(host: BeatHost): Activities {
  const activities: Record<string, (call: BeatActivityCall, input: unknown) => Promise<unknown>> = {};
  for (const beat of host.beats) activities[beat.handler] = (call, input) => execute(host, beat, call, input);
  const keepHouse = housekeepingActivity(host.doChore);
  return {
    ...activities,
    ...remediationActivities(host.remediation),
    markIncident: (mark: IncidentMark) => host.markIncident(mark),
    offClockWindows: async (call: OffClockCall) => (await host.offClockWindows?.(call)) ?? [],
    readStored: (ref: Ref) => host.blobs.get(ref),
    keepHouse: (call: HousekeepingCall) => keepHouse(call).catch((error: unknown) => Promise.reject(asFailure(error))),
  };
}

async function execute(host: BeatHost, beat: Beat, call: BeatActivityCall, input: unknown): Promise<unknown> {
  const context = beatContext(call);
  const startedAt = Date.now();
  const pulse = setInterval(() => heartbeat(), HEARTBEAT_MS);
  const ended = (error?: unknown) =>
    host.onBeat?.({
      call,
      handler: beat.handler,
      workflowId: context.workflowId,
      attempt: context.attempt,
      startedAt,
      durationMs: Date.now() - startedAt,
      input,
      ...(error === undefined ? {} : { error }),
    });
  try {
    const output = await perform(host, beat, call, input, context);
    ended();
    return output;
  } catch (error) {
    ended(error);
    throw asFailure(error);
  } finally {
    clearInterval(pulse);
  }
}

async function perform(host: BeatHost, beat: Beat, call: BeatActivityCall, input: unknown, context: BeatContext): Promise<unknown> {
  const elsewhere = host.runInThread?.(beat, input, context);
  if (elsewhere !== undefined) return elsewhere;
  if (beat.kind === 'stage-crew' || beat.contract === undefined)
    return runBeat(beat, input, host.blobs, await host.ports(call.projectId, context));
  return runBeat(beat, input, host.blobs);
}

function beatContext(call: BeatActivityCall): BeatContext {
  const info = activityInfo();
  const workflowId = info.workflowExecution?.workflowId ?? info.activityId;
  return {
    workflowId,
    sequence: call.sequence,
    beat: call.beat,
    attempt: info.attempt,
    key: `${workflowId}/${call.beat}/${call.ordinal}`,
    signal: cancellationSignal(),
    heartbeat: (progress) => Context.current().heartbeat(progress),
  };
}
