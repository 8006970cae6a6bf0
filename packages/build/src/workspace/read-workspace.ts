import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import { findFolders } from './find-folders.ts';
import { linkPackages } from './link-packages.ts';
import { packageGlobs } from './package-globs.ts';
import { type PackageJson, readPackageJson } from './package-json.ts';
import type { Workspace, WorkspacePackage } from './workspace.ts';

interface Found {
  readonly directory: string;
  readonly manifest: PackageJson;
}

/**
 * The packages of an npm, pnpm or yarn workspace, and which of them depend on which. A folder that is no workspace is one of a single
 * package. Fails with BUILD_WORKSPACE_INVALID where a manifest cannot be read, has no name, or has the name of another.
 */
export async function readWorkspace(root: string): Promise<Workspace> {
  const manifest = readPackageJson(join(root, 'package.json'));
  if (manifest === undefined) throw new SelfhealError('BUILD_WORKSPACE_INVALID', 'there is no package.json', { where: { folder: root } });
  const globs = await packageGlobs(root, manifest);
  const found = globs === undefined ? [{ directory: '.', manifest }] : await findPackages(root, globs.patterns);
  const versions = new Map(found.map((one) => [nameOf(one, root), one.manifest.version]));
  requireDistinctNames(found, root);
  return { packageManager: globs?.packageManager ?? 'npm', packages: found.map((one) => asPackage(one, root, versions)) };
}

async function findPackages(root: string, patterns: readonly string[]): Promise<Found[]> {
  return (await findFolders(root, patterns)).flatMap((directory): Found[] => {
    const manifest = readPackageJson(join(root, directory, 'package.json'));
    return manifest === undefined ? [] : [{ directory, manifest }];
  });
}

function asPackage({ directory, manifest }: Found, root: string, versions: ReadonlyMap<string, string | undefined>): WorkspacePackage {
  const name = nameOf({ directory, manifest }, root);
  return { name, directory, scripts: manifest.scripts, links: linkPackages(manifest, versions).filter((link) => link.name !== name) };
}

function nameOf({ directory, manifest }: Found, root: string): string {
  if (manifest.name !== undefined && manifest.name !== '') return manifest.name;
  if (directory === '.') return 'root';
  throw new SelfhealError('BUILD_WORKSPACE_INVALID', 'the package has no name', { where: { file: join(root, directory, 'package.json') } });
}

function requireDistinctNames(found: readonly Found[], root: string): void {
  const seen = new Map<string, string>();
  for (const one of found) {
    const name = nameOf(one, root);
    const other = seen.get(name);
    if (other !== undefined)
      throw new SelfhealError('BUILD_WORKSPACE_INVALID', `${other} and ${one.directory} both are named "${name}"`, {
        where: { folder: root },
      });
    seen.set(name, one.directory);
  }
}
