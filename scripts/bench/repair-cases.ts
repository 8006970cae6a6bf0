import { createHash } from 'node:crypto';
import { globSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface RepairCase {
  readonly id: string;
  readonly folder: string;
  /** The human fix. For the scorer alone, after the search. */
  readonly fixedFile: string;
  /** By hash of the name: the engine was developed looking at half A alone. */
  readonly half: 'A' | 'B';
}

/** Lays the public cases out as packages below `folder`; undefined where the data is not there. */
export async function layOutCases(data: string, folder: string, tests: 'full' | 'example'): Promise<RepairCase[] | undefined> {
  const records = globSync('humanevalfix_js/*.jsonl', { cwd: data })[0];
  if (records === undefined) return undefined;
  await execa('node', [join(data, '../tools/layout-humanevalfix.mjs'), join(data, records), folder, '--tests', tests]);
  return readdirSync(join(folder, 'buggy'))
    .sort()
    .map((id) => ({
      id,
      folder: join(folder, 'buggy', id),
      fixedFile: join(folder, 'fixed', id, 'solution.js'),
      half: (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0 ? 'A' : 'B',
    }));
}

/** A case of which a declared package is missing needs an install of its own. */
export async function needsInstall({ folder }: RepairCase): Promise<boolean> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest;
}
