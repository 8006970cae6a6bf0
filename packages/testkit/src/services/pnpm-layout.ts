import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { INSTALLED } from './service.ts';

/**
 * Puts installed packages in place as pnpm does: each with its own dependencies beside it in `node_modules/.pnpm/<name>@<version>`, linked
 * from the package of the workspace that asks for it. `wanted` has the names by folder; a name with a folder of the workspace as its
 * value is linked to that.
 */
export async function installAsPnpm(
  root: string,
  wanted: Readonly<Record<string, Readonly<Record<string, string | true>>>>,
): Promise<void> {
  const store = new Map<string, string>();
  for (const [folder, names] of Object.entries(wanted)) {
    for (const [name, target] of Object.entries(names)) {
      const to = target === true ? await putInStore(root, store, name, dirname(INSTALLED)) : join(root, target);
      await link(join(root, folder, 'node_modules', name), to);
    }
  }
}

/** Copies a package, found from the folder that needs it, and what it needs. Gives its place. */
async function putInStore(root: string, store: Map<string, string>, name: string, from: string): Promise<string> {
  const { folder, version, dependencies } = await findPackage(name, from);
  const known = store.get(folder);
  if (known !== undefined) return known;
  const modules = join(root, 'node_modules/.pnpm', `${name.replace('/', '+')}@${version}`, 'node_modules');
  const place = join(modules, name);
  store.set(folder, place);
  await cp(folder, place, { recursive: true, filter: (path) => relative(folder, path).split('/')[0] !== 'node_modules' });
  for (const needed of dependencies) await link(join(modules, needed), await putInStore(root, store, needed, folder));
  return place;
}

async function findPackage(name: string, from: string): Promise<{ folder: string; version: string; dependencies: string[] }> {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const manifest: { version: string; dependencies?: Record<string, string> } = JSON.parse(text);
      return { folder, version: manifest.version, dependencies: Object.keys(manifest.dependencies ?? {}) };
    }
    if (at === dirname(at)) throw new Error(`${name} is not installed`);
  }
}

async function link(at: string, to: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await symlink(relative(dirname(at), to), at);
}
