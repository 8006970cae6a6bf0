import { type Edit, SelfhealError } from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { swapRef } from '../branch/swap-ref.ts';
import { findCommitByKey } from '../git/find-commit.ts';
import { commitMessage } from '../git/message.ts';
import { branchHead, type Repository } from '../git/repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import { writePatchedTree } from './write-patched-tree.ts';

export interface PatchCommit {
  readonly branch: string;
  readonly base: string;
  readonly edits: readonly Edit[];
  readonly subject: string;
  readonly body: string;
  readonly trailers: Record<string, string>;
  readonly key: string;
}

/**
 * Commits the edits on the branch, in the object store alone. The commit of the same key is returned where the branch has it already.
 * Fails with PATCH_CONFLICT, PATCH_FORBIDDEN, or GIT_HEAD_MOVED where the branch holds other commits.
 */
export async function commitPatch(repository: Repository, request: PatchCommit): Promise<{ commit: string; tree: string }> {
  const { branch, base, edits, key } = request;
  const known = await knownCommit(repository, request);
  if (known !== undefined) return known;
  const tree = await writePatchedTree(repository, base, edits);
  const commit = await writeCommit(repository, { tree, parents: [base], message: commitMessage({ ...request, key }) });
  try {
    await swapRef(repository, { branch, from: base, to: commit, why: `selfheal: ${request.subject}` });
    return { commit, tree };
  } catch (error) {
    const raced = await knownCommit(repository, request);
    if (raced === undefined) throw error;
    return raced;
  }
}

async function knownCommit(repository: Repository, request: PatchCommit): Promise<{ commit: string; tree: string } | undefined> {
  const head = await branchHead(repository, request.branch);
  if (head === undefined)
    throw new SelfhealError('GIT_HEAD_MOVED', `the branch ${request.branch} is gone`, { where: { repository: repository.root } });
  const commit = await findCommitByKey(repository, { from: request.base, to: head }, request.key);
  if (commit === undefined) return undefined;
  return { commit, tree: await git(repository.root, ['rev-parse', `${commit}^{tree}`]) };
}
