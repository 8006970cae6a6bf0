import { setTimeout as delay } from 'node:timers/promises';
import { BuildJournal, type LeadingBuild, OpenBuildFile, type OpenBuildRecord, planKey } from '@selfheal/build';
import type { BuildEngine } from '@selfheal/temporal';
import type { BuildContext, DrivenBuild } from './drive.ts';
import { DurableBuild } from './durable-build.ts';
import type { CoordinatorHost } from './heal/healing-desk.ts';
import { openBuildEngine } from './open-build-engine.ts';

/** What is done when the build is over and its engine still up, or can be had. */
export type Afterwards<T> = (driven: DrivenBuild, openEngine: (host: CoordinatorHost) => Promise<BuildEngine | undefined>) => Promise<T>;

/** A build that is over sooner needs no server, whose start would hold it up: what ended is in its journal. */
const ENGINE_AFTER_MS = 3_000;

/**
 * Runs the build and lets a workflow record it. Commands start at once, here, where the workspace is; when server and worker are up a
 * workflow takes over what there is left to do, and follows to the end. After a crash of this process or of the server the next build of
 * the same plan goes on where it was. Where no server can be had, the build is as good, but for that.
 */
export async function driveDurably<T>(context: BuildContext, afterwards: Afterwards<T>): Promise<T> {
  const { place, signal, onNotice } = context;
  const file = new OpenBuildFile(place.folder);
  const cutOff = await file.read();
  let giveUp = new AbortController();
  const lead = Promise.withResolvers<LeadingBuild>();
  const desk = Promise.withResolvers<CoordinatorHost>();
  const up: { engine?: BuildEngine } = {};
  const open = async (): Promise<BuildEngine> => {
    const opened = await openBuildEngine(context, { leading: lead.promise, desk: desk.promise }, giveUp.signal);
    up.engine = opened;
    return opened;
  };
  const noWorkflow = (error: unknown): undefined => {
    const why = error instanceof Error ? error.message : String(error);
    if (!giveUp.signal.aborted) onNotice(`builds without a workflow, so a crash ends this build: ${why}`);
  };
  try {
    // What was cut off has a workflow, which knows whether it waits.
    const asked = cutOff === undefined ? undefined : await open().catch(noWorkflow);
    const goesOn = cutOff !== undefined && asked !== undefined && (await canGoOn(context, asked, cutOff)) ? cutOff : undefined;
    const build = new DurableBuild(context, goesOn);
    if (goesOn !== undefined) onNotice(`goes on with ${build.id}, which was cut off: ${build.journal.entries.size} tasks have ended`);
    lead.resolve(build.leading);
    const cancel = (): void => build.leading.steer({ kind: 'cancel' });
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    build.leading.start();
    let isOver = false;
    const follow = async (): Promise<void> => {
      if (asked === undefined) await delay(ENGINE_AFTER_MS, undefined, { signal: giveUp.signal });
      const own: BuildEngine = asked ?? (await open());
      if (isOver) return;
      await file.write(build.record(own.address, own.namespace));
      if (goesOn === undefined) await own.start(build.workflowId, build.input());
      await untilOver(own, build.workflowId, signal);
    };
    const following = cutOff !== undefined && asked === undefined ? undefined : follow().catch(noWorkflow);
    await build.leading.over;
    isOver = true;
    // Without a server yet, there is nobody to wait for.
    if (up.engine === undefined) giveUp.abort();
    await following;
    giveUp = new AbortController();
    signal.removeEventListener('abort', cancel);
    await file.remove();
    return await afterwards(await build.outcome(), (host) => {
      desk.resolve(host);
      return up.engine === undefined ? open().catch(noWorkflow) : Promise.resolve(up.engine);
    });
  } finally {
    await up.engine?.stop();
  }
}

/**
 * Whether the build that was cut off may go on: its workflow waits and is of this code, its plan is the same, and what it recorded is still
 * so. Otherwise it is ended: the cache holds what it made, so a new build makes nothing of that again.
 */
async function canGoOn({ place, plan, known }: BuildContext, engine: BuildEngine, before: OpenBuildRecord): Promise<boolean> {
  const open = await engine.openBuild(before.workflowId);
  if (open === undefined) return false;
  const { entries } = new BuildJournal(place.folder, before.buildId);
  const holds = [...entries].every(
    ([id, { task, result }]) => !['built', 'cached'].includes(task.state) || result === undefined || known.get(id)?.result === result,
  );
  if (holds && open.bundle === engine.bundle && before.planKey === planKey(plan)) return true;
  await engine.terminate(before.workflowId, 'the workspace, the plan or selfheal changed since');
  return false;
}

/** Cancels the workflow where the person does. */
async function untilOver(engine: BuildEngine, workflowId: string, signal: AbortSignal): Promise<void> {
  const cancel = (): void => void engine.control(workflowId, { kind: 'cancel' }).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await Promise.race([engine.result(workflowId), engine.failed.then((error) => Promise.reject(error))]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
