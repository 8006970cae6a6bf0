import { satisfies, validRange } from 'semver';
import type { PackageJson } from './package-json.ts';
import { DEPENDENCY_FIELDS, type PackageLink } from './workspace.ts';

/**
 * The dependencies of a package that its workspace itself has. As package managers do: a range that the workspace's version does not
 * satisfy is taken from the registry, so it is no link; `workspace:`, `file:`, `link:` and `portal:` always are.
 */
export function linkPackages(manifest: PackageJson, versions: ReadonlyMap<string, string | undefined>): readonly PackageLink[] {
  const links = new Map<string, PackageLink>();
  for (const field of DEPENDENCY_FIELDS) {
    for (const [name, range] of Object.entries(manifest[field])) {
      if (versions.has(name) && !links.has(name) && isLinked(range, versions.get(name))) links.set(name, { name, field });
    }
  }
  return [...links.values()];
}

function isLinked(range: string, version: string | undefined): boolean {
  if (/^(?:workspace|file|link|portal):/.test(range)) return true;
  if (validRange(range) === null) return false;
  return version === undefined || satisfies(version, range, { includePrerelease: true });
}
