import { availableParallelism } from 'node:os';
import {
  type BuildAlert,
  type BuildEvent,
  BuildLogs,
  type BuildProgress,
  type BuildReport,
  buildReport,
  ChangeStream,
  idAt,
  KeptBuilds,
  lockBuild,
  openS3Store,
  openTaskRunner,
  restoreKnown,
  resultOf,
  SharedResults,
  StuckWatch,
  type TaskPlan,
} from '@selfheal/build';
import type { BuildConfig } from '@selfheal/contracts';
import { SelfhealError } from '@selfheal/contracts/errors';
import { journalDir } from '../intake/journal-dir.ts';
import { type BuildFolder, openBuildFolder } from './build-folder.ts';
import { readBuildConfig } from './build-settings.ts';
import type { BuildContext, DrivenBuild } from './drive.ts';
import type { Afterwards } from './drive-durably.ts';
import { driveInProcess } from './drive-in-process.ts';
import type { HealedBuild } from './heal/heal-failures.ts';
import { planBuild } from './plan-build.ts';

export interface WorkspaceBuildRequest {
  readonly repo: string;
  readonly dataDir?: string;
  /** Scripts to run in the packages; with none, `build`. */
  readonly tasks: readonly string[];
  /** As pnpm writes them; with none, all packages. */
  readonly filters: readonly string[];
  readonly concurrency?: number;
  readonly onFailure?: BuildConfig['onFailure'];
  /** Schedule in a workflow that survives a crash, not in this process. */
  readonly durable?: boolean;
  /** Take tasks and filters of the last build, which must have failed, and go on with it. */
  readonly retryFailed: boolean;
  /** Look for what is wrong where a task fails, mend it in a copy, and offer the change. */
  readonly heal: boolean;
  /** Write what is offered into the files, where these have no uncommitted edits. */
  readonly apply: boolean;
  /** Run what is known, too. */
  readonly force: boolean;
  /** Let commands write in the folder of their package alone. */
  readonly confine?: boolean;
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
  const config = await readBuildConfig(root);
  const kept = new KeptBuilds(folder);
  const last = request.retryFailed ? await failedBuild(kept) : undefined;
  const wanted = last?.request ?? { tasks: request.tasks, filters: request.filters };
  const began = performance.now();
  const redaction = async () => (await import('@selfheal/redaction')).openRedaction(journalDir(dataDir));
  // At the same time: git lists the files while the manifests are read.
  const [{ runner, close }, { plan }] = await Promise.all([
    openTaskRunner({
      root,
      folder,
      env: request.env,
      redaction,
      force: request.force,
      ...(await openShared(config, request.env)),
      ...(await openConfinement(request.confine ?? config.confine ?? false)),
    }),
    planBuild(root, config, wanted),
  ]);
  request.onPlan(plan);
  const concurrency = request.concurrency ?? config.concurrency ?? availableParallelism();
  const durable = request.durable ?? config.durable ?? true;
  const logs = new Map<string, BuildLogs>();
  const logsOf = (id: string): BuildLogs => {
    const there = logs.get(id) ?? new BuildLogs(kept, id);
    logs.set(id, there);
    return there;
  };
  const alerts: BuildAlert[] = [];
  const watch = new StuckWatch((running) => {
    const message = `nothing began or ended for 30 minutes while ${running.join(', ')} ran`;
    alerts.push({ kind: 'stuck', message });
    request.onNotice(message);
  });
  let changes: ChangeStream | undefined;
  let healed: HealedBuild;
  let faults: readonly string[] = [];
  try {
    const context: BuildContext = {
      place,
      config,
      wanted,
      plan,
      runner,
      known: durable && !request.force ? await restoreKnown(runner, plan) : new Map(),
      ...(last === undefined ? {} : { buildId: last.buildId }),
      concurrency,
      onFailure: request.onFailure ?? config.onFailure ?? 'continue',
      env: request.env,
      signal: request.signal,
      lines: request.lines,
      onBegin: (buildId, startedAt) => {
        changes = new ChangeStream({ folder, buildId, startedAt, plan, concurrency });
      },
      onEvent: (event, progress) => {
        watch.take(event);
        changes?.take(event);
        request.onEvent(event, progress);
      },
      onNotice: request.onNotice,
      logsOf,
    };
    healed = await drive(context, durable, (driven, openEngine) => healIfAsked(request, context, { driven, kept, openEngine }));
  } finally {
    watch.close();
    changes?.close();
    faults = await close();
  }
  const { driven, fixes } = healed;
  const { buildId, startedAt, results } = driven;
  const written = await driven.logs.close();
  const nothingRan = results.every(({ state }) => state === 'cached') && written.logs.size === 0;
  const report = buildReport({
    buildId,
    request: wanted,
    before: nothingRan ? undefined : (last ?? (await kept.last(buildId))),
    logs: written.logs,
    faults: [...faults, ...written.faults],
    fixes,
    alerts,
    startedAt,
    totalMs: Math.round(performance.now() - began),
    concurrency,
    plan,
    results,
  });
  if (!nothingRan) {
    const lost = await keepReport(kept, report);
    if (lost !== undefined) return { ...report, faults: [...report.faults, lost] };
  }
  return report;
}

/** Says what is lost where the disk is full. */
async function keepReport(kept: KeptBuilds, report: BuildReport): Promise<string | undefined> {
  try {
    await kept.keep(report);
    await kept.forgetOld(new Date(report.timestamp));
    return undefined;
  } catch (error) {
    return `the report is not kept: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function openConfinement(wanted: boolean) {
  return wanted ? { confine: await (await import('@selfheal/sandbox')).findWriteConfinement() } : {};
}

async function openShared({ sharedCache }: Partial<BuildConfig>, env: WorkspaceBuildRequest['env']) {
  if (sharedCache === undefined) return {};
  const { bucket, prefix, endpoint, region, timeoutMs, write } = sharedCache;
  const place = { bucket, prefix, timeoutMs, ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }) };
  return { shared: new SharedResults(await openS3Store(place, env), { writes: write }) };
}

interface Healable {
  readonly driven: DrivenBuild;
  readonly kept: KeptBuilds;
  readonly openEngine?: Parameters<Afterwards<HealedBuild>>[1] | undefined;
}

async function healIfAsked(
  { heal, apply }: WorkspaceBuildRequest,
  context: BuildContext,
  { driven, kept, openEngine }: Healable,
): Promise<HealedBuild> {
  if (!heal || driven.results.every(({ state }) => state !== 'failed')) return { driven, fixes: [] };
  // With it comes the compiler.
  const { healBuild } = await import('./heal/heal-build.ts');
  return healBuild({ context, kept, apply, ...(openEngine && { openEngine }) }, driven);
}

/** Where nothing is to be run, no workflow is started. */
async function drive<T>(
  context: BuildContext,
  durable: boolean,
  afterwards: (driven: DrivenBuild, openEngine?: Parameters<Afterwards<T>>[1]) => Promise<T>,
): Promise<T> {
  const { known, plan } = context;
  if (known.size === plan.tasks.size) return afterwards(nothingToDo(context));
  if (!durable) return afterwards(await driveInProcess(context));
  return (await import('./drive-durably.ts')).driveDurably(context, afterwards);
}

function nothingToDo({ known, logsOf, buildId }: BuildContext): DrivenBuild {
  const startedAt = new Date();
  const id = buildId ?? idAt(startedAt);
  return { buildId: id, startedAt, results: [...known].map(([task, end]) => resultOf(task, end)), logs: logsOf(id) };
}

/** The last build, if it left something to do. */
async function failedBuild(kept: KeptBuilds): Promise<BuildReport> {
  const last = await kept.last();
  if (last === undefined) throw new SelfhealError('BUILD_NOTHING_TO_RETRY', 'no build of the last 30 days is kept');
  if (last.successful === last.totalPackages) throw new SelfhealError('BUILD_NOTHING_TO_RETRY', `${last.buildId} succeeded`);
  return last;
}
