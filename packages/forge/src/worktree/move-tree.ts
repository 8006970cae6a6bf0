import { randomUUID } from 'node:crypto';
import { constants, copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from '@selfheal/repository';
import type { Worktree } from './find-worktrees.ts';

export interface TreeMove {
  readonly from: string;
  readonly to: string;
}

/**
 * A copy of the index in which a working tree is taken from one commit to another by git's two-way merge, which never writes over a file
 * that differs from the index. Whoever uses it holds the index lock; `publish` puts the copy in the index's place.
 */
export class TreeUpdate implements AsyncDisposable {
  private readonly worktree: Worktree;
  private readonly move: TreeMove;
  private readonly copy: string;

  private constructor(worktree: Worktree, move: TreeMove) {
    this.worktree = worktree;
    this.move = move;
    this.copy = join(worktree.gitDir, `selfheal-index-${randomUUID()}`);
  }

  static async prepare(worktree: Worktree, move: TreeMove): Promise<TreeUpdate> {
    const update = new TreeUpdate(worktree, move);
    await copyFile(join(worktree.gitDir, 'index'), update.copy, constants.COPYFILE_EXCL);
    await update.git(['update-index', '-q', '--refresh']);
    return update;
  }

  /** What speaks against the update, in git's words; nothing is changed. */
  async objection(): Promise<string | undefined> {
    return this.readTree(['-n']);
  }

  /** Writes the files; returns git's words where it refused. */
  async writeFiles(): Promise<string | undefined> {
    return this.readTree([]);
  }

  /** The tree that the index stands for. */
  async indexTree(): Promise<string> {
    return (await this.git(['write-tree'])).stdout.toString('utf8').trim();
  }

  async publish(): Promise<void> {
    await rename(this.copy, join(this.worktree.gitDir, 'index'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.copy, { force: true });
    await rm(`${this.copy}.lock`, { force: true });
  }

  private async readTree(flags: readonly string[]): Promise<string | undefined> {
    const { exitCode, stderr } = await this.git(['read-tree', '-m', '-u', ...flags, this.move.from, this.move.to]);
    return exitCode === 0 ? undefined : stderr;
  }

  private git(args: readonly string[]) {
    return askGit(this.worktree.path, args, { env: { GIT_INDEX_FILE: this.copy } });
  }
}
