import { idAt, runBuild } from '@selfheal/build';
import type { BuildContext, DrivenBuild } from './drive.ts';

/** Schedules the build in this process: quick to start, and over with it. */
export async function driveInProcess(context: BuildContext): Promise<DrivenBuild> {
  const startedAt = new Date();
  const buildId = context.buildId ?? idAt(startedAt);
  context.onBegin(buildId, startedAt);
  const logs = context.logsOf(buildId);
  const results = await runBuild({
    ...context,
    onEvent: (event, progress) => {
      if (event.kind === 'ended') logs.add(event.result.id, event.log);
      context.onEvent(event, progress);
    },
  });
  return { buildId, startedAt, results, logs };
}
