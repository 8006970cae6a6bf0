import { join, resolve } from 'node:path';
import { type BuildFix, KeptBuilds } from '@selfheal/build';
import { SelfhealError } from '@selfheal/contracts/errors';

export type { BuildFix };

export interface BuildFixesRequest {
  readonly repo: string;
  readonly dataDir?: string;
  /** Numbers of those to be written into the files; none: nothing is written. */
  readonly apply: 'all' | readonly number[];
  readonly onNotice: (line: string) => void;
}

export interface BuildFixes {
  readonly buildId: string;
  readonly fixes: readonly BuildFix[];
}

/**
 * The changes that the newest build with any has offered, as they are now. Fails with BUILD_NO_FIXES where no build of the last 30 days has
 * any, or none of a number that is asked for.
 */
export async function buildFixes({ repo, dataDir, apply, onNotice }: BuildFixesRequest): Promise<BuildFixes> {
  const root = resolve(repo);
  const kept = new KeptBuilds(join(resolve(dataDir ?? join(root, '.selfheal')), 'build'));
  const report = await kept.newest(({ fixes }) => fixes.length > 0);
  if (report === undefined) throw new SelfhealError('BUILD_NO_FIXES', 'no build of the last 30 days has any');
  const { buildId, fixes } = report;
  if (apply !== 'all' && apply.length === 0) return { buildId, fixes };
  const unknown = apply === 'all' ? undefined : apply.find((number) => !fixes.some((fix) => fix.number === number));
  if (unknown !== undefined) throw new SelfhealError('BUILD_NO_FIXES', `${buildId} has no change ${unknown}`);
  const { applyFixes } = await import('./heal/apply-fixes.ts');
  const wanted = fixes.filter(({ number }) => apply === 'all' || apply.includes(number));
  const applied = new Map((await applyFixes(root, wanted, onNotice)).map((fix) => [fix.number, fix]));
  const after = fixes.map((fix) => applied.get(fix.number) ?? fix);
  await kept.keep({ ...report, fixes: after });
  return { buildId, fixes: after };
}
