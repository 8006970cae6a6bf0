import { matchesGlob } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import type { Workspace, WorkspacePackage } from '../workspace/workspace.ts';

/**
 * The packages that filters choose, as pnpm writes them: `name` or a glob of names, `./folder` for those in it, `name...` with all that it
 * depends on, `...name` with all that depend on it, `!` in front to leave out. No filter: all. Fails with BUILD_PACKAGE_UNKNOWN.
 */
export function filterPackages({ packages }: Workspace, filters: readonly string[]): readonly string[] {
  const chosen = new Set<string>();
  const without = new Set<string>();
  if (filters.every((filter) => filter.startsWith('!'))) for (const { name } of packages) chosen.add(name);
  for (const filter of filters) {
    const into = filter.startsWith('!') ? without : chosen;
    for (const name of select(packages, filter.replace(/^!/, ''))) into.add(name);
  }
  return packages.flatMap(({ name }) => (chosen.has(name) && !without.has(name) ? [name] : []));
}

function select(packages: readonly WorkspacePackage[], filter: string): Set<string> {
  const [, up, pattern = '', down] = /^(\.\.\.)?(.*?)(\.\.\.)?$/.exec(filter) ?? [];
  const found = new Set(packages.filter((one) => isMeant(one, pattern)).map(({ name }) => name));
  if (found.size === 0) {
    const names = packages.slice(0, 20).map(({ name }) => name);
    throw new SelfhealError('BUILD_PACKAGE_UNKNOWN', `no package matches "${filter}"; there are ${names.join(', ')}`);
  }
  const uses = (one: WorkspacePackage, name: string) => one.links.some((link) => link.name === name);
  if (down !== undefined) spread(found, (name) => packages.find((one) => one.name === name)?.links.map((link) => link.name) ?? []);
  if (up !== undefined) spread(found, (name) => packages.filter((one) => uses(one, name)).map((one) => one.name));
  return found;
}

function isMeant({ name, directory }: WorkspacePackage, pattern: string): boolean {
  if (!pattern.startsWith('./')) return name === pattern || matchesGlob(name, pattern);
  const folder = pattern.slice(2).replace(/\/+$/, '');
  return directory === folder || directory.startsWith(`${folder}/`) || matchesGlob(directory, folder);
}

function spread(found: Set<string>, next: (name: string) => readonly string[]): void {
  for (const name of found) for (const other of next(name)) found.add(other);
}
