import { availableParallelism } from 'node:os';
import {
  type BuildEvent,
  type BuildProgress,
  type BuildReport,
  build,
  buildReport,
  filterPackages,
  idAt,
  KeptBuilds,
  type LoggedOutput,
  lockBuild,
  planTasks,
  qualityOf,
  readWorkspace,
  type TaskPlan,
  workspaceOfList,
} from '@selfheal/build';
import type { BuildConfig } from '@selfheal/contracts';
import { SelfhealError } from '@selfheal/contracts/errors';
import { journalDir } from '../intake/journal-dir.ts';
import { type BuildFolder, openBuildFolder } from './build-folder.ts';
import { readBuildConfig } from './build-settings.ts';

export interface WorkspaceBuildRequest {
  readonly repo: string;
  readonly dataDir?: string;
  /** Scripts to run in the packages; with none, `build`. */
  readonly tasks: readonly string[];
  /** As pnpm writes them; with none, all packages. */
  readonly filters: readonly string[];
  readonly concurrency?: number;
  readonly onFailure?: BuildConfig['onFailure'];
  /** Take tasks and filters of the last build, which must have failed. */
  readonly retryFailed: boolean;
  /** Run what is known, too. */
  readonly force: boolean;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signal: AbortSignal;
  readonly onPlan: (plan: TaskPlan) => void;
  readonly onEvent: (event: BuildEvent, progress: () => BuildProgress) => void;
  readonly onNotice: (line: string) => void;
  /** Whether `line` events are wanted. */
  readonly lines: boolean;
}

/**
 * Builds the packages of a workspace, dependencies first. Gives the report, which is kept with the logs for 30 days, unless nothing was to
 * be done. Fails with BUILD_WORKSPACE_INVALID, BUILD_PACKAGE_UNKNOWN, BUILD_TASK_UNKNOWN, BUILD_CYCLE, BUILD_NOTHING_TO_RETRY or CANCELLED.
 */
export async function buildWorkspace(request: WorkspaceBuildRequest): Promise<BuildReport> {
  const place = await openBuildFolder(request.repo, request.dataDir);
  const release = await lockBuild(place.folder, request.signal, (pid) =>
    request.onNotice(`waits for another build of this workspace (process ${pid})`),
  );
  if (release === undefined) throw new SelfhealError('CANCELLED', 'while another build of this workspace ran');
  try {
    return await buildIn(place, request);
  } finally {
    await release();
  }
}

async function buildIn(place: BuildFolder, request: WorkspaceBuildRequest): Promise<BuildReport> {
  const { root, dataDir, folder } = place;
  const { env, signal, force, lines } = request;
  const config = await readBuildConfig(root);
  const kept = new KeptBuilds(folder);
  const wanted = request.retryFailed ? await failedRequest(kept) : { tasks: request.tasks, filters: request.filters };
  const plan = await planBuild(root, config, wanted);
  request.onPlan(plan);
  const startedAt = new Date();
  const buildId = idAt(startedAt);
  const began = performance.now();
  const logs = new Map<string, LoggedOutput>();
  const keeping: Promise<void>[] = [];
  const onEvent = (event: BuildEvent, progress: () => BuildProgress): void => {
    if (event.kind === 'ended' && event.log !== '') {
      const { id } = event.result;
      logs.set(id, { file: KeptBuilds.logFile(buildId, id), quality: qualityOf(event.log) });
      keeping.push(kept.keepLog(buildId, id, event.log));
    }
    request.onEvent(event, progress);
  };
  const concurrency = request.concurrency ?? config.concurrency ?? availableParallelism();
  const onFailure = request.onFailure ?? config.onFailure ?? 'continue';
  const redaction = async () => (await import('@selfheal/redaction')).openRedaction(journalDir(dataDir));
  const { results, faults } = await build({ root, folder, plan, concurrency, onFailure, env, redaction, force, signal, lines, onEvent });
  const totalMs = Math.round(performance.now() - began);
  const unkept = (await Promise.allSettled(keeping)).flatMap((end) =>
    end.status === 'rejected' ? [`a log is not kept: ${end.reason}`] : [],
  );
  const nothingRan = results.every(({ state }) => state === 'cached') && logs.size === 0;
  const before = nothingRan ? undefined : await kept.last(buildId);
  const report = buildReport({
    buildId,
    request: wanted,
    before,
    logs,
    faults: [...faults, ...unkept],
    startedAt,
    totalMs,
    concurrency,
    plan,
    results,
  });
  if (!nothingRan) {
    await kept.keep(report);
    await kept.forgetOld(startedAt);
  }
  return report;
}

async function planBuild(root: string, config: Partial<BuildConfig>, wanted: BuildReport['request']): Promise<TaskPlan> {
  const workspace = await (config.packages === undefined ? readWorkspace(root) : workspaceOfList(root, config.packages));
  const packages = filterPackages(workspace, wanted.filters);
  return planTasks(workspace, config.tasks ?? {}, { tasks: wanted.tasks.length === 0 ? ['build'] : wanted.tasks, packages });
}

/** What the last build was asked for, if it left something to do. */
async function failedRequest(kept: KeptBuilds): Promise<BuildReport['request']> {
  const last = await kept.last();
  if (last === undefined) throw new SelfhealError('BUILD_NOTHING_TO_RETRY', 'no build of the last 30 days is kept');
  if (last.successful === last.totalPackages) throw new SelfhealError('BUILD_NOTHING_TO_RETRY', `${last.buildId} succeeded`);
  return last.request;
}
