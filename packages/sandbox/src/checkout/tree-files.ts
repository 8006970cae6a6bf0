import { lstat, mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { requireOwnPath } from '@selfheal/repository';
import { readBlobs, type TreeEntry } from '../git/tree.ts';

/** What tells an untouched file from a changed one. The change time cannot be set back by whoever writes the file. */
type Stamp = string;

const BATCH = 400;

/**
 * The files of one commit on disk. Target code may have changed anything below `folder` between calls, also put symbolic links to
 * the outside where folders were, so no path below it is followed without a look.
 */
export class TreeFiles {
  readonly #folder: string;
  readonly #gitTop: string;
  readonly #entries: ReadonlyMap<string, TreeEntry>;
  /** Parents before what is in them. */
  readonly #folders: readonly string[];
  readonly #stamps = new Map<string, Stamp>();

  constructor(folder: string, gitTop: string, entries: readonly TreeEntry[]) {
    this.#folder = folder;
    this.#gitTop = gitTop;
    this.#entries = new Map(entries.filter(isPlain).map((entry) => [entry.path, entry]));
    this.#folders = [...foldersOf(this.#entries.keys())].sort();
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()];
  }

  holds(path: string): boolean {
    return this.#entries.has(path);
  }

  /** Writes whatever is missing or changed and removes what the commit does not have. */
  async restore(): Promise<void> {
    await this.#removeStrangers('', new Set(this.#folders));
    const stale: TreeEntry[] = [];
    for (const entry of this.#entries.values()) {
      const known = this.#stamps.get(entry.path);
      if (known === undefined || known !== (await stamp(join(this.#folder, entry.path)))) stale.push(entry);
    }
    for (const folder of this.#folders) await this.#realFolder(folder);
    for (let start = 0; start < stale.length; start += BATCH) await this.#writeEntries(stale.slice(start, start + BATCH));
  }

  /** A batch at a time, so that a large repository is never in memory as a whole. */
  async #writeEntries(entries: readonly TreeEntry[]): Promise<void> {
    const blobs = await readBlobs(
      this.#gitTop,
      entries.map((entry) => entry.oid),
    );
    await Promise.all(
      entries.map(async (entry) => {
        await this.#write(entry.path, blobs.get(entry.oid) ?? Buffer.alloc(0), entry.mode);
        this.#stamps.set(entry.path, await stamp(join(this.#folder, entry.path)));
      }),
    );
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    await this.#write(path, content, this.#entries.get(path)?.mode === '100755' ? '100755' : '100644');
  }

  /** A regular file below the folder; undefined where there is none, also where a link leads outside. */
  async readFile(path: string): Promise<Buffer | undefined> {
    const real = await realpath(join(this.#folder, path)).catch(() => undefined);
    if (real === undefined || relative(await realpath(this.#folder), real).startsWith('..')) return undefined;
    return (await lstat(real)).isFile() ? readFile(real) : undefined;
  }

  async #write(path: string, content: string | Uint8Array, mode: string): Promise<void> {
    requireOwnPath(path);
    const target = join(this.#folder, path);
    await this.#realFolder(dirname(path));
    await rm(target, { recursive: true, force: true });
    if (mode === '120000') await symlink(content.toString(), target);
    else await writeFile(target, content, { mode: mode === '100755' ? 0o755 : 0o644 });
  }

  /** Makes the folder and its parents real folders: a link planted in their place is removed, not followed. */
  async #realFolder(path: string): Promise<void> {
    let at = this.#folder;
    for (const part of path === '.' ? [] : path.split('/')) {
      at = join(at, part);
      const kind = await lstat(at).catch(() => undefined);
      if (kind?.isDirectory()) continue;
      if (kind !== undefined) await rm(at, { force: true });
      await mkdir(at);
    }
  }

  async #removeStrangers(folder: string, folders: ReadonlySet<string>): Promise<void> {
    const names = await readdir(join(this.#folder, folder), { withFileTypes: true });
    for (const entry of names) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && folders.has(path)) await this.#removeStrangers(path, folders);
      else if (!this.#entries.has(path) || entry.isDirectory()) await rm(join(this.#folder, path), { recursive: true, force: true });
    }
  }
}

function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  return folders;
}

async function stamp(path: string): Promise<Stamp> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}:${found.mode}`;
}

/** A crafted tree may name paths that git itself would refuse to check out. */
function isPlain(entry: TreeEntry): boolean {
  return !entry.path.split('/').some((part) => part === '..' || part === '' || part.toLowerCase() === '.git');
}
