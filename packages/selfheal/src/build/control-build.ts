import { join, resolve } from 'node:path';
import { type BuildChange, followChanges, OpenBuildFile } from '@selfheal/build';
import { SelfhealError } from '@selfheal/contracts/errors';
import { type BuildControl, type BuildState, clusterFromEnvironment, connectClient, createBuildClient } from '@selfheal/temporal';

export type { BuildChange, BuildControl, BuildState };

export interface BuildControlRequest {
  readonly repo: string;
  readonly dataDir?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Without one nothing is changed. */
  readonly control?: BuildControl;
}

/**
 * Asks, or changes, the durable build of a workspace that another process runs; gives its state. Fails with BUILD_NOT_RUNNING or
 * ENGINE_UNREACHABLE.
 */
export async function controlBuild({ repo, dataDir, env, control }: BuildControlRequest): Promise<BuildState> {
  const folder = buildFolderOf(repo, dataDir);
  const open = await new OpenBuildFile(folder).read();
  if (open === undefined || !isAlive(open.pid))
    throw new SelfhealError('BUILD_NOT_RUNNING', open === undefined ? folder : `${open.buildId} was cut off`, { where: { folder } });
  const { address, namespace, workflowId } = open;
  const { client, connection } = await connectClient((await clusterFromEnvironment(env)) ?? { address, namespace });
  try {
    const builds = createBuildClient(client);
    return await (control === undefined ? builds.state(workflowId) : builds.control(workflowId, control));
  } finally {
    await connection.close();
  }
}

/** The changes of the build that runs, or that ran last, as they come. Fails with BUILD_NOT_RUNNING where there was none in 30 days. */
export async function watchBuild(
  { repo, dataDir }: Pick<BuildControlRequest, 'repo' | 'dataDir'>,
  signal: AbortSignal,
): Promise<AsyncIterable<BuildChange>> {
  const folder = buildFolderOf(repo, dataDir);
  const changes = await followChanges(folder, signal);
  if (changes === undefined) throw new SelfhealError('BUILD_NOT_RUNNING', folder, { where: { folder } });
  return changes;
}

function buildFolderOf(repo: string, dataDir: string | undefined): string {
  return join(resolve(dataDir ?? join(resolve(repo), '.selfheal')), 'build');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
