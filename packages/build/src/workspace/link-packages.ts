import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import type { PackageJson } from './package-json.ts';
import { DEPENDENCY_FIELDS, type PackageLink } from './workspace.ts';

/**
 * The dependencies of a package that its workspace itself has. As package managers do: a range that the workspace's version does not
 * satisfy is taken from the registry, so it is no link; `workspace:`, `file:`, `link:` and `portal:` always are.
 */
export function linkPackages({ dependencies }: PackageJson, versions: ReadonlyMap<string, string | undefined>): readonly PackageLink[] {
  const links = new Map<string, PackageLink>();
  for (const field of DEPENDENCY_FIELDS) {
    for (const [name, range] of Object.entries(dependencies[field])) {
      if (versions.has(name) && !links.has(name) && isLinked(range, versions.get(name))) links.set(name, { name, field });
    }
  }
  return [...links.values()];
}

function isLinked(range: string, version: string | undefined): boolean {
  if (/^(?:workspace|file|link|portal):/.test(range)) return true;
  if (range === '*' || version === undefined || range === version) return validRange(range) !== null;
  return satisfies(version, range, { includePrerelease: true });
}
