import { ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { BuildActivities, BuildSteering, BuildTaskCall, BuildTaskEnd } from '../messages/build-messages.ts';

const HEARTBEAT_MS = 1_000;

/** Brings one task up to date, in the process that holds the workspace. A command that fails is an outcome, not an error. */
export type BuildTask = (call: BuildTaskCall, signal: AbortSignal) => Promise<BuildTaskEnd>;

/** The activities behind the build workflow. */
export function buildActivities(buildTask: BuildTask, steer: (change: BuildSteering) => void): BuildActivities {
  return {
    steerBuild: async (change) => steer(change),
    buildTask: async (call) => {
      const pulse = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        return await buildTask(call, cancellationSignal());
      } catch (error) {
        // Told once: the workspace is as it is, another attempt would find the same.
        throw ApplicationFailure.nonRetryable(error instanceof Error ? error.message : String(error), 'BUILD_TASK');
      } finally {
        clearInterval(pulse);
      }
    },
  };
}
