import { type BuildEngine, clusterFromEnvironment, resolveTemporalBinary, startBuildEngine } from '@selfheal/temporal';
import type { AgainstBuild, OpenEngineRequest } from './engine-process.ts';

/** Server (where there is no cluster), worker and client, in this process. */
export async function openEngineHere(request: OpenEngineRequest, against: AgainstBuild, signal: AbortSignal): Promise<BuildEngine> {
  const { env, dataDir, cacheDir, taskQueue } = request;
  const { buildTask, steer, remediation, notice } = against;
  const cluster = await clusterFromEnvironment(env);
  return startBuildEngine({
    dataDir,
    cacheDir,
    taskQueue,
    binary: async () => (await resolveTemporalBinary({ env, onStep: notice })).path,
    buildTask,
    steer,
    remediation,
    signal,
    onNotice: notice,
    ...(cluster === undefined ? {} : { cluster }),
  });
}
