import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LeadingBuild } from '@selfheal/build';
import type { BuildEngine } from '@selfheal/temporal';
import type { BuildContext } from './drive.ts';
import type { AgainstBuild } from './engine/engine-process.ts';
import type { CoordinatorHost } from './heal/healing-desk.ts';

/** Names the workspace where several share a cluster. */
export function workspaceId({ root }: BuildContext['place']): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 12);
}

/**
 * Server (where there is no cluster), worker and client for the builds of this workspace. What the workflow asks for is answered by `leading`
 * once that is there, and what coordinators ask by `desk`.
 */
export async function openBuildEngine(
  context: BuildContext,
  { leading, desk }: { readonly leading: Promise<LeadingBuild>; readonly desk: Promise<CoordinatorHost> },
  signal: AbortSignal,
): Promise<BuildEngine> {
  const { place, env, onNotice } = context;
  const { openEngineProcess } = await import('./engine/engine-process.ts');
  const request = {
    env,
    dataDir: join(place.folder, 'engine'),
    cacheDir: join(place.dataDir, 'cache'),
    taskQueue: `selfheal-build-${workspaceId(place)}`,
  };
  const against: AgainstBuild = {
    buildTask: async ({ id }, stop) => Promise.race([(await leading).ask(id), cancelledBy(stop)]),
    steer: ({ control }) => void leading.then((build) => build.steer(control)),
    notice: onNotice,
    remediation: {
      gatherContext: async (...asked) => (await desk).gatherContext(...asked),
      askProposer: async (...asked) => (await desk).askProposer(...asked),
      recordAttempt: async (...asked) => (await desk).recordAttempt(...asked),
      escalate: async (...asked) => (await desk).escalate(...asked),
    },
  };
  return openEngineProcess(request, against, signal);
}

/** What runs is ended by the build itself, which goes by the same rules. */
function cancelledBy(signal: AbortSignal): Promise<{ readonly outcome: 'cancelled' }> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'cancelled' }), { once: true }));
}
