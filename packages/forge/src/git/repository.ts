import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { git, tryGit } from '@selfheal/repository';

/** Where the watched repository lies. Paths are absolute. */
export interface Repository {
  /** The folder that edits are relative to. */
  readonly root: string;
  /** Path of `root` below git's top level, with `/` at its end, or empty. */
  readonly prefix: string;
  /** The folder that holds objects and refs, shared by all working trees. */
  readonly commonDir: string;
}

/** Fails with REPO_MISSING. */
export async function openRepository(root: string): Promise<Repository> {
  const found = await stat(root).catch(() => undefined);
  if (!found?.isDirectory()) throw new SelfhealError('REPO_MISSING', 'the folder does not exist', { where: { repository: root } });
  const common = await tryGit(root, ['rev-parse', '--git-common-dir']);
  if (common === undefined)
    throw new SelfhealError('REPO_MISSING', 'git finds no repository in the folder', { where: { repository: root } });
  const prefix = await git(root, ['rev-parse', '--show-prefix']);
  return { root, prefix, commonDir: await realpath(resolve(root, common)) };
}

/** The commit a branch points at, or undefined where there is no such branch. */
export function branchHead(repository: Repository, branch: string): Promise<string | undefined> {
  return tryGit(repository.root, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
}
