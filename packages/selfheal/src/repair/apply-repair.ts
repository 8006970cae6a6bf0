import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { applyEdits } from '@selfheal/repository';
import type { RepairReport } from './repair-report.ts';

/** Writes the offered patch into the folder. Fails with PATCH_CONFLICT where a file changed since it was read; nothing is written then. */
export async function applyRepair(repo: string, report: RepairReport): Promise<readonly string[]> {
  const [patch] = report.patches;
  if (patch === undefined) return [];
  const root = resolve(repo);
  const changed = await applyEdits(patch.edits, (file) => readFile(join(root, file)));
  for (const [file, bytes] of changed) await writeFile(join(root, file), bytes);
  return [...changed.keys()];
}
