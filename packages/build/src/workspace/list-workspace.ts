import { join, posix } from 'node:path';
import type { ListedPackage } from '@selfheal/contracts';
import { SelfhealError } from '@selfheal/contracts/errors';
import { readPackageJson } from './package-json.ts';
import type { Workspace, WorkspacePackage } from './workspace.ts';

/**
 * A workspace from a list of packages: names, folders and dependencies are those of the list, scripts those of each package.json. What the
 * list depends on and does not hold is taken as installed. Fails with BUILD_WORKSPACE_INVALID.
 */
export function workspaceOfList(root: string, listed: readonly ListedPackage[]): Workspace {
  const names = new Set<string>();
  for (const { packageName } of listed) {
    if (names.has(packageName)) throw invalid(root, `two packages are named "${packageName}"`);
    names.add(packageName);
  }
  return { packageManager: 'npm', packages: listed.map((one) => asPackage(root, one, names)) };
}

function asPackage(root: string, one: ListedPackage, names: ReadonlySet<string>): WorkspacePackage {
  const { packageName: name, packagePath, dependencies } = one;
  const directory = posix.normalize(packagePath.replaceAll('\\', '/')).replace(/\/+$/, '');
  if (posix.isAbsolute(directory) || directory === '..' || directory.startsWith('../'))
    throw invalid(root, `the folder of "${name}" is outside: ${packagePath}`);
  const manifest = readPackageJson(join(root, directory, 'package.json'));
  if (manifest === undefined) throw invalid(root, `"${name}" has no package.json in ${packagePath}`);
  const needed = [...new Set(dependencies)].filter((other) => names.has(other) && other !== name);
  return { name, directory, scripts: manifest.scripts, links: needed.map((other) => ({ name: other, field: 'listed' })) };
}

function invalid(root: string, what: string): SelfhealError {
  return new SelfhealError('BUILD_WORKSPACE_INVALID', what, { where: { folder: root, key: 'build.packages' } });
}
