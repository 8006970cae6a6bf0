import { type KeptBuilds, restoreKnown } from '@selfheal/build';
import type { BuildEngine } from '@selfheal/temporal';
import { loadSelfhealConfig } from '../../config/load-config.ts';
import type { BuildContext, DrivenBuild } from '../drive.ts';
import { applyFixes } from './apply-fixes.ts';
import { decideInProcess, type HealingDecider } from './decide.ts';
import { type HealedBuild, healFailures } from './heal-failures.ts';
import { type CoordinatorHost, HealingDesk } from './healing-desk.ts';

export interface HealBuildRequest {
  readonly context: BuildContext;
  readonly kept: KeptBuilds;
  /** Write what is offered into the workspace. */
  readonly apply: boolean;
  /** Where decisions are to be remembered by a workflow: gives an engine whose coordinators ask `host`; undefined where none can be had. */
  readonly openEngine?: (host: CoordinatorHost) => Promise<BuildEngine | undefined>;
}

/** Mends what failed in a build, and where that is asked for writes it into the workspace, whose outputs are then brought up to date. */
export async function healBuild(request: HealBuildRequest, driven: DrivenBuild): Promise<HealedBuild> {
  const { context, kept, apply, openEngine } = request;
  const { place, onNotice, runner, plan } = context;
  await using desk = openEngine === undefined ? undefined : await openDesk(context);
  const engine = desk && (await openEngine?.(desk.host));
  const decider: HealingDecider = desk !== undefined && engine !== undefined ? desk.decider(engine) : decideInProcess;
  const { config } = await loadSelfhealConfig(place.root);
  const before = await kept.last(driven.buildId);
  const well = (before?.packageReports ?? []).filter(({ status }) => status === 'built' || status === 'cached' || status === 'healed');
  const wasWell = new Set(well.map(({ packageName, task }) => `${packageName}#${task}`));
  const healed = await healFailures({ context, kept, policy: config.policy, decider, wasWell }, driven);
  if (!apply) return healed;
  // That a model's change passes says not yet that it is wanted: a person looks at it first.
  const fixes = await applyFixes(place.root, healed.fixes, onNotice, ({ model }) => model === undefined);
  await restoreKnown(runner, plan);
  return { ...healed, fixes };
}

/** Undefined where there is no project to keep attempts in: a folder that is no git repository, or has no commit. */
async function openDesk(context: BuildContext): Promise<HealingDesk | undefined> {
  try {
    return await HealingDesk.open(context);
  } catch (error) {
    context.onNotice(`attempts are not recorded: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
