import { SelfhealError } from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { findCommitByKey, findRevertOf } from '../git/find-commit.ts';
import { commitMessage } from '../git/message.ts';
import { branchHead, type Repository } from '../git/repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import { finishAbandoned } from '../worktree/finish-abandoned.ts';
import { moveBranch } from '../worktree/move-branch.ts';
import { contains } from './merge-trees.ts';
import { retryMoved } from './retry-moved.ts';
import { treeWithout } from './tree-without.ts';

export interface RevertRequest {
  readonly branch: string;
  readonly mergeCommit: string;
  readonly key: string;
  readonly why: string;
  readonly dataDir: string;
  readonly noCheckout: boolean;
}

/**
 * Undoes a merge by a new commit on the branch. The revert of the same key, or one that a person made, is returned where it is there
 * already. Fails with PATCH_CONFLICT, REPO_DIRTY, GIT_HEAD_MOVED, or INPUT_INVALID where the branch does not hold the merge.
 */
export async function revertMerge(
  repository: Repository,
  request: RevertRequest,
): Promise<{ revertCommit: string; treeUpdated: boolean | undefined }> {
  const { branch, mergeCommit, key } = request;
  return retryMoved(async () => {
    await finishAbandoned(repository);
    const head = await branchHead(repository, branch);
    if (head === undefined || !(await contains(repository, head, mergeCommit)))
      throw new SelfhealError('INPUT_INVALID', `${branch} does not hold the commit ${mergeCommit}`, { where: { branch } });
    const range = { from: mergeCommit, to: head };
    const known = (await findCommitByKey(repository, range, key)) ?? (await findRevertOf(repository, range, mergeCommit));
    if (known !== undefined) return { revertCommit: known, treeUpdated: undefined };
    const revertCommit = await prepareRevert(repository, request, head);
    const { treeUpdated } = await moveBranch(repository, {
      ...request,
      from: head,
      to: revertCommit,
      why: `selfheal: revert ${mergeCommit.slice(0, 12)}`,
    });
    return { revertCommit, treeUpdated };
  });
}

async function prepareRevert(repository: Repository, request: RevertRequest, head: string): Promise<string> {
  const { mergeCommit, key, why } = request;
  const tree = await treeWithout(repository, head, mergeCommit);
  const subject = await git(repository.root, ['show', '-s', '--no-show-signature', '--format=%s', mergeCommit]);
  return writeCommit(repository, {
    tree,
    parents: [head],
    message: commitMessage({
      subject: `Revert "${subject}"`,
      body: `This reverts commit ${mergeCommit}.\n\n${why}`,
      trailers: {},
      key,
    }),
  });
}
