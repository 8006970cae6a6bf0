import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import type { PackageJson } from './package-json.ts';
import type { PackageManager } from './workspace.ts';

export interface PackageGlobs {
  readonly packageManager: PackageManager;
  /** Folders of packages; those with `!` in front are left out. */
  readonly patterns: readonly string[];
}

/** Where a workspace says that its packages are; undefined where the folder is no root of a workspace. */
export async function packageGlobs(root: string, manifest: PackageJson): Promise<PackageGlobs | undefined> {
  const file = join(root, 'pnpm-workspace.yaml');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return { packageManager: 'pnpm', patterns: await pnpmPatterns(text, file) };
  const { workspaces } = manifest;
  if (workspaces === undefined) return undefined;
  const yarn = manifest.packageManager?.startsWith('yarn@') ?? (await exists(join(root, 'yarn.lock')));
  return { packageManager: yarn ? 'yarn' : 'npm', patterns: workspaces };
}

async function pnpmPatterns(text: string, file: string): Promise<readonly string[]> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new SelfhealError('BUILD_WORKSPACE_INVALID', `it is no list of packages: ${why}`, { where: { file }, cause });
  };
  const { parse } = await import('yaml');
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), error);
  }
  const packages = typeof read === 'object' && read !== null && 'packages' in read ? read.packages : [];
  if (!Array.isArray(packages)) return refuse('packages is no list');
  return packages.map((pattern) => (typeof pattern === 'string' ? pattern : refuse('packages holds what is no text')));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
