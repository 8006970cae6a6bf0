import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dropStored, forgetKeys, type IntakeOwner, shownPath } from '@selfheal/telemetry';
import { intakeFolder } from './intake-folder.ts';

/** A run that took longer than this to store what it read has failed long ago. */
const OFFSET_KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Removes from the intake what is in the lake, and what was only kept to know a second delivery or a late retry. Returns the bytes freed.
 * What is not in the lake stays.
 */
export async function keepIntake(dataDir: string, owner: IntakeOwner, now: number): Promise<number> {
  const folder = intakeFolder(dataDir);
  const { freed } = await dropStored(folder, owner);
  await forgetKeys(folder, now);
  const within = join(shownPath(owner.projectRoot, folder.path), '/');
  const offsets = await owner.records.list('sourceOffset', { where: { projectId: owner.projectId } });
  const old = offsets.filter(
    ({ path, updatedAt }) => path.startsWith(within) && updatedAt < now - OFFSET_KEPT_MS && !existsSync(resolve(owner.projectRoot, path)),
  );
  await owner.records.remove(
    'sourceOffset',
    old.map(({ id }) => id),
  );
  return freed;
}
