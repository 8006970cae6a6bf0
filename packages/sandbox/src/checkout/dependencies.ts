import { lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { RepositoryPlace } from '../git/place.ts';

/** One node_modules folder of the host and where the confined command sees it. */
export interface DependencyFolder {
  readonly from: string;
  readonly to: string;
}

export interface Dependencies {
  /** The repository itself has a node_modules, at its top or beside the watched package. */
  readonly own: boolean;
  readonly folders: readonly DependencyFolder[];
  /** Packages linked from elsewhere (npm link, a workspace around the repository): seen at their own place. */
  readonly linked: readonly string[];
  /** Links to make in the copy, where the host's node_modules is itself a link. */
  readonly links: readonly { readonly at: string; readonly target: string }[];
}

/**
 * Finds the installed packages of a repository: the node_modules beside each package.json of the commit and the nearest one above the
 * repository. `installed` is the folder whose layout is read (the repository itself, or our own install of it).
 */
export async function findDependencies(
  place: RepositoryPlace,
  tree: string,
  packageFolders: readonly string[],
  installed: string = place.top,
): Promise<Dependencies> {
  let own = false;
  const found: { folders: DependencyFolder[]; linked: Set<string>; links: { at: string; target: string }[] } = {
    folders: [],
    linked: new Set(),
    links: [],
  };
  for (const folder of packageFolders) {
    const host = join(installed, folder, 'node_modules');
    const kind = await lstat(host).catch(() => undefined);
    const at = join(tree, folder, 'node_modules');
    own ||= kind !== undefined && place.prefix.startsWith(folder === '.' ? '' : `${folder}/`);
    if (kind?.isDirectory()) found.folders.push({ from: host, to: at });
    if (kind?.isSymbolicLink()) await addLinked(host, at, found);
  }
  const above = await nearestAbove(place.top);
  // One level above the tree: where Node looks next, as it would above the repository.
  if (above !== undefined && installed === place.top) await addLinked(above, join(dirname(tree), 'node_modules'), found);
  for (const { from } of [...found.folders]) {
    for (const target of await linksOut(from, installed)) found.linked.add(target);
  }
  return { own, folders: found.folders, links: found.links, linked: [...found.linked] };
}

/** Whether every package of these names is in one of the folders. */
export async function hasPackages({ folders }: Dependencies, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const places = await Promise.all(folders.map(({ from }) => lstat(join(from, name)).catch(() => undefined)));
    if (places.every((place) => place === undefined)) return false;
  }
  return true;
}

/** A node_modules that lives outside the repository is seen at its real place, so that relative links inside it hold. */
async function addLinked(
  host: string,
  at: string,
  found: { folders: DependencyFolder[]; links: { at: string; target: string }[] },
): Promise<void> {
  const real = await realpath(host).catch(() => undefined);
  if (real === undefined) return;
  if (!found.folders.some((folder) => folder.to === real)) found.folders.push({ from: real, to: real });
  found.links.push({ at, target: real });
}

async function nearestAbove(top: string): Promise<string | undefined> {
  for (let at = dirname(top); ; at = dirname(at)) {
    const candidate = join(at, 'node_modules');
    if ((await lstat(candidate).catch(() => undefined)) !== undefined) return candidate;
    if (at === dirname(at)) return undefined;
  }
}

/** Real places, outside the repository and the folder itself, that entries of a node_modules lead to. */
async function linksOut(folder: string, top: string): Promise<string[]> {
  const targets: string[] = [];
  const real = await realpath(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name.startsWith('@')) {
      for (const scoped of await readdir(path, { withFileTypes: true })) if (scoped.isSymbolicLink()) targets.push(join(path, scoped.name));
    } else if (entry.isSymbolicLink()) targets.push(path);
  }
  const resolved = await Promise.all(targets.map((target) => realpath(target).catch(() => undefined)));
  return resolved.filter((target): target is string => target !== undefined && !inside(real, target) && !inside(top, target));
}

function inside(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..');
}
