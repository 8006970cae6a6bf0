import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildFix, type KeptBuilds, restoreKnown, type TaskResult } from '@selfheal/build';
import { applyEdits } from '@selfheal/repository';
import type { RepairPatch } from '../repair/repair-report.ts';
import type { BuildContext, DrivenBuild } from './drive.ts';
import { driveInProcess } from './drive-in-process.ts';

export interface HealedBuild {
  readonly driven: DrivenBuild;
  /** Each change that was tried, in order. */
  readonly fixes: readonly BuildFix[];
}

const BUDGET_MS = 60_000;
/** Changes tried for one build: each is one cause. */
const MOST_FIXES = 10;

/**
 * Mends packages that do not compile, one cause after the other: the repair engine searches on a private copy of the workspace, its trusted
 * patch is written into the files, and the failed package and what it blocked are built again. A patch with which the package has no fewer
 * errors is taken back. What is no fault of compilation, or has no trusted patch, stays failed.
 */
export async function healFailures(context: BuildContext, first: DrivenBuild, kept: KeptBuilds): Promise<HealedBuild> {
  let driven = first;
  const fixes: BuildFix[] = [];
  while (fixes.length < MOST_FIXES && !context.signal.aborted) {
    const failed = driven.results.filter(({ id, state }) => state === 'failed' && driven.logs.errorsOf(id) > 0);
    const found = failed.length === 0 ? undefined : await findPatch(context, failed);
    if (found === undefined) break;
    const { patch, task } = found;
    context.onNotice(`${task}: ${patch.operator} at ${patch.file}:${patch.line}, confidence ${patch.confidence.toFixed(2)}`);
    const errorsBefore = driven.logs.errorsOf(task);
    const takeBack = await write(context.place.root, patch);
    const again = await buildAgain(context, driven);
    const mended = stateOf(again, task) === 'healed' || again.logs.errorsOf(task) < errorsBefore;
    const name = await kept.keepPatch(driven.buildId, fixes.length + 1, patch.diff);
    const { file, line, operator, confidence, diff } = patch;
    fixes.push({ task, file, line, operator, confidence, diff, patch: name, kept: mended });
    driven = again;
    if (mended) continue;
    await takeBack();
    context.onNotice(`${task}: taken back, as it has no fewer errors`);
    break;
  }
  return { driven, fixes };
}

/** The trusted patch of the workspace as it is, if it is in the folder of a failed package. */
async function findPatch(
  { place, plan, signal, onNotice }: BuildContext,
  failed: readonly TaskResult[],
): Promise<{ patch: RepairPatch; task: string } | undefined> {
  onNotice(`looks for what is wrong in ${failed.map(({ id }) => id).join(', ')}`);
  const { repairRepository } = await import('../repair/index.ts');
  const report = await repairRepository({ repo: place.root, budgetMs: BUDGET_MS, dataDir: place.dataDir, signal });
  const [patch] = report.status === 'offered' ? report.patches : [];
  const owner = failed.find(({ id }) => {
    const directory = plan.tasks.get(id)?.directory ?? '.';
    return patch?.edits.every(({ file }) => directory === '.' || file.startsWith(`${directory}/`)) === true;
  });
  if (patch !== undefined && owner !== undefined) return { patch, task: owner.id };
  onNotice(`nothing that mends it is trusted enough: ${report.reason}`);
  return undefined;
}

/** Writes a patch into the files; gives what restores them. */
async function write(root: string, { edits }: RepairPatch): Promise<() => Promise<void>> {
  const changed = await applyEdits(edits, (file) => readFile(join(root, file)));
  const before = new Map<string, Buffer>();
  for (const file of changed.keys()) before.set(file, await readFile(join(root, file)));
  for (const [file, bytes] of changed) await writeFile(join(root, file), bytes);
  return async () => {
    for (const [file, bytes] of before) await writeFile(join(root, file), bytes);
  };
}

/** Goes on with the same build: what had ended well is not run again. */
async function buildAgain(context: BuildContext, before: DrivenBuild): Promise<DrivenBuild> {
  const known = await restoreKnown(context.runner, context.plan);
  const again = await driveInProcess({ ...context, known, buildId: before.buildId });
  const sinceFirst = again.startedAt.getTime() - before.startedAt.getTime();
  const earlier = new Map(before.results.map((result) => [result.id, result]));
  const results = again.results.map((result): TaskResult => {
    const old = earlier.get(result.id);
    if (result.state === 'cached' && old !== undefined && old.state !== 'failed' && old.state !== 'blocked') return old;
    const state = result.state === 'built' && old?.state === 'failed' ? 'healed' : result.state;
    return { ...later(result, sinceFirst), state };
  });
  return { ...again, startedAt: before.startedAt, results };
}

function later(result: TaskResult, byMs: number): TaskResult {
  const { startedMs, endedMs } = result;
  return startedMs === undefined || endedMs === undefined ? result : { ...result, startedMs: startedMs + byMs, endedMs: endedMs + byMs };
}

function stateOf({ results }: DrivenBuild, task: string): TaskResult['state'] | undefined {
  return results.find(({ id }) => id === task)?.state;
}
