import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export const CART = `export function total(cart) {
  return cart.items.reduce((sum, item) => sum + item.price, 0);
}

export function first(cart) {
  return cart.items[0];
}
`;

/** A real repository in a temporary folder whose path holds a space and letters beyond ASCII; removed when disposed. */
export class RepositoryRig implements AsyncDisposable {
  readonly root: string;
  private readonly temporary: string;

  private constructor(temporary: string) {
    this.temporary = temporary;
    this.root = join(temporary, 'watched répo');
  }

  static async create(branch = 'main'): Promise<RepositoryRig> {
    const rig = new RepositoryRig(await realpath(await mkdtemp(join(tmpdir(), 'selfheal-forge-'))));
    await mkdir(rig.root);
    await rig.git('init', '-q', '-b', branch);
    await rig.git('config', 'user.name', 'Team');
    await rig.git('config', 'user.email', 'team@example.org');
    await rig.write('src/cart.js', CART);
    await rig.write('src/größe 1.js', 'export const größe = 1;\n');
    await rig.write('bin/run.sh', '#!/bin/sh\nexit 0\n', 0o755);
    await rig.write('.gitignore', 'ignored/\n*.secret\n');
    await rig.commitAll('Start');
    return rig;
  }

  get dataDir(): string {
    return join(this.root, '.selfheal');
  }

  /** A folder beside the repository. */
  beside(name: string): string {
    return join(this.temporary, name);
  }

  async git(...args: string[]): Promise<string> {
    return (await execa('git', args, { cwd: this.root })).stdout;
  }

  async write(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, mode);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  async commitAll(subject: string): Promise<string> {
    await this.git('add', '-A');
    await this.git('commit', '-q', '-m', subject);
    return this.head();
  }

  head(name = 'HEAD'): Promise<string> {
    return this.git('rev-parse', name);
  }

  /** Uncommitted and untracked files, as `git status` tells them. */
  status(): Promise<string> {
    return this.git('status', '--porcelain');
  }

  /** A commit made away from any working tree, as another clone would push it; the branch is made or moved. */
  async pushElsewhere(branch: string, files: Record<string, string>, from = 'main'): Promise<string> {
    const clone = this.beside(`clone-${randomUUID()}`);
    await execa('git', ['clone', '-q', '--no-tags', this.root, clone]);
    const inClone = (...args: string[]) =>
      execa('git', ['-c', 'user.name=Other', '-c', 'user.email=other@example.org', ...args], { cwd: clone });
    await inClone('checkout', '-q', '-B', branch, `origin/${from}`);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(clone, path)), { recursive: true });
      await writeFile(join(clone, path), text);
    }
    await inClone('add', '-A');
    await inClone('commit', '-q', '-m', `Change ${Object.keys(files).join(', ')}`);
    await inClone('-c', 'protocol.file.allow=always', 'push', '-q', 'origin', `HEAD:refs/heads/pushed-${branch}`);
    const commit = await this.head(`pushed-${branch}`);
    await this.git('update-ref', '-d', `refs/heads/pushed-${branch}`);
    await this.git('update-ref', `refs/heads/${branch}`, commit);
    await rm(clone, { recursive: true });
    return commit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.temporary, { recursive: true, force: true });
  }
}
