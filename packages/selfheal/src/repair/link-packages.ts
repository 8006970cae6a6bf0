import { lstat, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Gives a copy of a folder the packages that are installed in it: each node_modules as one link, or, where it leads to packages of the
 * folder itself (a workspace), entry by entry, so that those lead to their copies. `folders`: folders of the source, relative to it, that
 * may have a node_modules.
 */
export async function linkPackages(source: string, copy: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const from = join(source, folder, 'node_modules');
    if ((await lstat(from).catch(() => undefined)) === undefined) continue;
    const real = await realpath(from);
    const own = await ownPackages(real, source);
    await mkdir(join(copy, folder), { recursive: true });
    if (own.size === 0) await symlink(real, join(copy, folder, 'node_modules'));
    else await linkEntries({ real, own, source, copy }, join(copy, folder, 'node_modules'), '');
  }
}

interface Linking {
  readonly real: string;
  /** Real place by entry. */
  readonly own: ReadonlyMap<string, string>;
  readonly source: string;
  readonly copy: string;
}

async function linkEntries(linking: Linking, to: string, below: string): Promise<void> {
  const { real, own, source, copy } = linking;
  await mkdir(to);
  for (const name of await readdir(join(real, below))) {
    const entry = join(below, name);
    const place = own.get(entry);
    if (place !== undefined) await symlink(relative(to, join(copy, relative(source, place))), join(to, name));
    else if (name.startsWith('@') && below === '') await linkEntries(linking, join(to, name), name);
    else await symlink(join(real, entry), join(to, name));
  }
}

/** Entries of a node_modules that lead into the source itself, but not into a node_modules of it. */
async function ownPackages(folder: string, source: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const name = join(below, entry.name);
      if (entry.isDirectory() && below === '' && entry.name.startsWith('@')) await visit(name);
      if (!entry.isSymbolicLink()) continue;
      const place = await realpath(join(folder, name)).catch(() => undefined);
      const inside = place === undefined ? '..' : relative(source, place);
      if (place !== undefined && !inside.startsWith('..') && !inside.split('/').includes('node_modules')) found.set(name, place);
    }
  };
  await visit('');
  return found;
}

/** Where Node would look next: the nearest node_modules above a folder. */
export async function packagesAbove(folder: string): Promise<string | undefined> {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const packages = await realpath(join(above, 'node_modules')).catch(() => undefined);
    if (packages !== undefined) return packages;
  }
  return undefined;
}
