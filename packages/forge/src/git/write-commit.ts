import { git, tryGit } from '@selfheal/repository';
import type { Repository } from './repository.ts';

/** Writes a commit object; no branch, index or working tree is touched. Never signed: a key may ask for a pass phrase. */
export async function writeCommit(
  repository: Repository,
  request: { tree: string; parents: readonly string[]; message: string },
): Promise<string> {
  const parents = request.parents.flatMap((parent) => ['-p', parent]);
  return git(repository.root, ['commit-tree', '--no-gpg-sign', request.tree, ...parents], {
    input: request.message,
    env: await identity(repository),
  });
}

/** The user's name where git knows one, else ours: git must not fail or guess from the host's name. */
async function identity(repository: Repository): Promise<Record<string, string>> {
  const name = (await tryGit(repository.root, ['config', '--get', 'user.name']))?.trim() || 'selfheal';
  const email = (await tryGit(repository.root, ['config', '--get', 'user.email']))?.trim() || 'selfheal@localhost';
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
