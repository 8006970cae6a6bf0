import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import type { PackageJson } from './package-json.ts';
import type { PackageManager } from './workspace.ts';

export interface PackageGlobs {
  readonly packageManager: PackageManager;
  /** Folders of packages; those with `!` in front are left out. */
  readonly patterns: readonly string[];
}

const pnpmWorkspace = z.looseObject({ packages: z.array(z.string()).default([]) }).nullable();

/** Where a workspace says that its packages are; undefined where the folder is no root of a workspace. */
export async function packageGlobs(root: string, manifest: PackageJson): Promise<PackageGlobs | undefined> {
  const file = join(root, 'pnpm-workspace.yaml');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return { packageManager: 'pnpm', patterns: pnpmPatterns(text, file) };
  const { workspaces } = manifest;
  if (workspaces === undefined) return undefined;
  const yarn = manifest.packageManager?.startsWith('yarn@') ?? (await exists(join(root, 'yarn.lock')));
  return { packageManager: yarn ? 'yarn' : 'npm', patterns: Array.isArray(workspaces) ? workspaces : workspaces.packages };
}

function pnpmPatterns(text: string, file: string): readonly string[] {
  try {
    return pnpmWorkspace.parse(parse(text))?.packages ?? [];
  } catch (error) {
    throw new SelfhealError(
      'BUILD_WORKSPACE_INVALID',
      `it is no list of packages: ${error instanceof Error ? error.message : String(error)}`,
      {
        where: { file },
        cause: error,
      },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
