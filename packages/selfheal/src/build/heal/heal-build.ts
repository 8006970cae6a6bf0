import { type KeptBuilds, restoreKnown } from '@selfheal/build';
import { loadSelfhealConfig } from '../../config/load-config.ts';
import type { BuildContext, DrivenBuild } from '../drive.ts';
import { applyFixes } from './apply-fixes.ts';
import { decideInProcess } from './decide.ts';
import { type HealedBuild, healFailures } from './heal-failures.ts';

export interface HealBuildRequest {
  readonly context: BuildContext;
  readonly kept: KeptBuilds;
  /** Write what is offered into the workspace. */
  readonly apply: boolean;
}

/** Mends what failed in a build, and where that is asked for writes it into the workspace, whose outputs are then brought up to date. */
export async function healBuild({ context, kept, apply }: HealBuildRequest, driven: DrivenBuild): Promise<HealedBuild> {
  const { place, onNotice, runner, plan } = context;
  const { config } = await loadSelfhealConfig(place.root);
  const before = await kept.last(driven.buildId);
  const well = (before?.packageReports ?? []).filter(({ status }) => status === 'built' || status === 'cached' || status === 'healed');
  const wasWell = new Set(well.map(({ packageName, task }) => `${packageName}#${task}`));
  const healed = await healFailures({ context, kept, policy: config.policy, decide: decideInProcess, wasWell }, driven);
  if (!apply) return healed;
  const fixes = await applyFixes(place.root, healed.fixes, onNotice);
  await restoreKnown(runner, plan);
  return { ...healed, fixes };
}
