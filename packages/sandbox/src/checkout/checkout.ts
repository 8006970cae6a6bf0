import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkout, Edit, SelfhealConfig } from '@selfheal/contracts';
import { applyEdits, git } from '@selfheal/repository';
import type { Mount } from '../confine/plan.ts';
import { repositoryPlace } from '../git/place.ts';
import { listTree } from '../git/tree.ts';
import { type CopyFolder, makeCopyFolder } from './copy-folder.ts';
import { type Dependencies, findDependencies, hasPackages } from './dependencies.ts';
import { declaredPackages, installDependencies } from './install.ts';
import { TreeFiles } from './tree-files.ts';

export interface CheckoutRequest {
  readonly root: string;
  readonly commit: string;
  readonly dataDir: string;
  readonly config: SelfhealConfig;
}

/** A private copy of the repository at one commit, without any .git: hooks, filters and history are out of its reach. */
export class RepositoryCheckout implements Checkout {
  readonly path: string;
  readonly commit: string;
  readonly folder: CopyFolder;
  readonly dependencies: Dependencies;
  readonly #prefix: string;
  readonly #files: TreeFiles;

  private constructor(commit: string, prefix: string, folder: CopyFolder, files: TreeFiles, dependencies: Dependencies) {
    this.commit = commit;
    this.folder = folder;
    this.dependencies = dependencies;
    this.path = join(folder.tree, prefix);
    this.#prefix = prefix;
    this.#files = files;
  }

  /** Fails with GIT_FAILED for an unknown commit and with REPO_INSTALL_FAILED. */
  static async create({ root, commit, dataDir, config }: CheckoutRequest): Promise<RepositoryCheckout> {
    const place = await repositoryPlace(root);
    const sha = await git(place.top, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`]);
    const entries = await listTree(place.top, sha);
    const packages = entries
      .filter(({ path }) => path === 'package.json' || path.endsWith('/package.json'))
      .map(({ path }) => dirname(path));
    const folder = await makeCopyFolder(join(dataDir, 'sandbox'));
    try {
      const folders = [...new Set([...packages, place.prefix === '' ? '.' : place.prefix.slice(0, -1)])];
      let dependencies = await findDependencies(place, folder.tree, folders);
      // What is installed is used as it is; a folder above may be there by chance, so it must hold what is asked for.
      const missing = config.install !== undefined || !(await hasPackages(dependencies, await declaredPackages(place.top, entries)));
      if (!dependencies.own && missing) {
        const cacheFolder = join(dataDir, 'dependencies');
        const request = { gitTop: place.top, prefix: place.prefix, entries, cacheFolder, command: config.install };
        dependencies = await findDependencies(place, folder.tree, folders, await installDependencies(request));
      }
      const checkout = new RepositoryCheckout(sha, place.prefix, folder, new TreeFiles(folder.tree, place.top, entries), dependencies);
      await checkout.reset();
      return checkout;
    } catch (error) {
      await rm(folder.path, { recursive: true, force: true });
      throw error;
    }
  }

  async apply(edits: readonly Edit[]): Promise<void> {
    const changed = await applyEdits(edits, (file) => this.#files.readFile(this.#prefix + file));
    for (const [file, bytes] of changed) await this.#files.writeFile(this.#prefix + file, bytes);
  }

  async write(file: string, text: string): Promise<void> {
    await this.#files.writeFile(this.#prefix + file, text);
  }

  async read(file: string): Promise<string | undefined> {
    return (await this.#files.readFile(this.#prefix + file))?.toString('utf8');
  }

  async remove(file: string): Promise<void> {
    await rm(join(this.path, file), { force: true });
  }

  async reset(): Promise<void> {
    await this.#files.restore();
    for (const { at, target } of this.dependencies.links) {
      await rm(at, { recursive: true, force: true });
      await mkdir(dirname(at), { recursive: true });
      await symlink(target, at);
    }
  }

  /** Files of the commit, relative to `path`. */
  get paths(): readonly string[] {
    return this.#files.paths.filter((path) => path.startsWith(this.#prefix)).map((path) => path.slice(this.#prefix.length));
  }

  holds(file: string): boolean {
    return this.#files.holds(this.#prefix + file);
  }

  /** The copy writable, its packages read-only. */
  get mounts(): readonly Mount[] {
    const { folders, linked } = this.dependencies;
    return [
      { kind: 'write', from: this.folder.tree, to: this.folder.tree },
      ...linked.map((path): Mount => ({ kind: 'read', from: path, to: path })),
      ...folders.map(({ from, to }): Mount => ({ kind: 'read', from, to })),
      ...this.dependencies.links
        .filter(({ at }) => !at.startsWith(`${this.folder.tree}/`))
        .map(({ at, target }): Mount => ({ kind: 'link', target, to: at })),
    ];
  }

  /** Where the packages' commands are for a folder of the checkout, nearest first. */
  binFoldersOf(folder: string): readonly string[] {
    const from = join(this.path, folder);
    const all = [...this.dependencies.folders.map(({ to }) => to), ...this.dependencies.links.map(({ at }) => at)];
    const above = all.filter((one) => `${from}/`.startsWith(`${dirname(one)}/`) || !one.startsWith(this.folder.tree));
    return above.sort((a, b) => b.length - a.length).map((folder) => join(folder, '.bin'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder.path, { recursive: true, force: true });
  }
}
