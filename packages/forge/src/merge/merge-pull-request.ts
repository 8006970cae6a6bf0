import { type Edit, isSelfhealError, type PullRequest, SelfhealError } from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { findCommitByKey } from '../git/find-commit.ts';
import { commitMessage } from '../git/message.ts';
import { branchHead, type Repository } from '../git/repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import { writePatchedTree } from '../patch/write-patched-tree.ts';
import { finishAbandoned } from '../worktree/finish-abandoned.ts';
import { moveBranch } from '../worktree/move-branch.ts';
import { contains, mergeTrees } from './merge-trees.ts';
import { retryMoved } from './retry-moved.ts';

export interface MergeRequest {
  readonly pullRequest: PullRequest;
  readonly expectedHead: string;
  readonly key: string;
  readonly message: string;
  /** What the branch changes, for a base whose text cannot be merged with it. */
  readonly edits?: readonly Edit[];
  readonly checks?: (mergedCommit: string) => Promise<boolean>;
  readonly dataDir: string;
  readonly noCheckout: boolean;
}

/**
 * Merges at the expected head. The merge commit is made in the object store; where the base moved since the branch was made, `checks`
 * runs on it; then base branch and working tree move together. A pull request that is merged already, by us or by a person, gives that
 * merge again. Fails with APPROVAL_INVALID (another head), PATCH_CONFLICT, CI_FAILED, REPO_DIRTY or GIT_HEAD_MOVED.
 */
export async function mergePullRequest(
  repository: Repository,
  request: MergeRequest,
): Promise<{ mergeCommit: string; treeUpdated: boolean | undefined }> {
  return retryMoved(async () => {
    await finishAbandoned(repository);
    const base = await baseHead(repository, request);
    const landed = await findLanded(repository, request, base);
    if (landed !== undefined) return { mergeCommit: landed, treeUpdated: undefined };
    await requireExpectedHead(repository, request);
    const mergeCommit = await prepareMerge(repository, request, base);
    const { treeUpdated } = await moveBranch(repository, {
      branch: request.pullRequest.baseBranch,
      from: base,
      to: mergeCommit,
      why: `selfheal: merge ${request.pullRequest.branch}`,
      dataDir: request.dataDir,
      noCheckout: request.noCheckout,
    });
    return { mergeCommit, treeUpdated };
  });
}

async function prepareMerge(repository: Repository, request: MergeRequest, base: string): Promise<string> {
  const { expectedHead, key, message, checks } = request;
  const moved = !(await contains(repository, expectedHead, base));
  const tree = moved ? await mergedTree(repository, request, base) : await git(repository.root, ['rev-parse', `${expectedHead}^{tree}`]);
  const [subject = '', ...body] = message.split('\n');
  const mergeCommit = await writeCommit(repository, {
    tree,
    parents: [base, expectedHead],
    message: commitMessage({ subject, body: body.join('\n'), trailers: {}, key }),
  });
  if (moved && checks !== undefined && !(await checks(mergeCommit)))
    throw new SelfhealError('CI_FAILED', `${request.pullRequest.baseBranch} moved to ${base.slice(0, 12)} since the fix was proved`, {
      where: { branch: request.pullRequest.branch },
    });
  return mergeCommit;
}

/**
 * Two fixes that add to the same list conflict as text though neither minds the other; then the edits, which name what they replace, are
 * made on the moved base instead. The checks run on the result either way.
 */
async function mergedTree(repository: Repository, { expectedHead, edits }: MergeRequest, base: string): Promise<string> {
  try {
    return await mergeTrees(repository, base, expectedHead);
  } catch (error) {
    if (edits === undefined || !isSelfhealError(error) || error.code !== 'PATCH_CONFLICT') throw error;
    return writePatchedTree(repository, base, edits);
  }
}

/** The commit that brought the head into the base branch: ours by its key, else the first on the base's own line that contains it. */
async function findLanded(repository: Repository, request: MergeRequest, base: string): Promise<string | undefined> {
  const { expectedHead, key } = request;
  if (!(await contains(repository, base, expectedHead))) return undefined;
  const ours = await findCommitByKey(repository, { from: expectedHead, to: base }, key);
  if (ours !== undefined) return ours;
  const line = await git(repository.root, ['rev-list', '--first-parent', '--ancestry-path', '--reverse', base, `^${expectedHead}`]);
  return line.split('\n').find((commit) => commit !== '') ?? expectedHead;
}

async function baseHead(repository: Repository, { pullRequest }: MergeRequest): Promise<string> {
  const head = await branchHead(repository, pullRequest.baseBranch);
  if (head === undefined)
    throw new SelfhealError('REPO_NO_BRANCH', `${pullRequest.baseBranch} is gone`, { where: { repository: repository.root } });
  return head;
}

/** An approval is for one content: commits pushed to the branch since void it. */
async function requireExpectedHead(repository: Repository, { pullRequest, expectedHead }: MergeRequest): Promise<void> {
  const head = await branchHead(repository, pullRequest.branch);
  if (head === expectedHead && pullRequest.head === expectedHead) return;
  throw new SelfhealError('APPROVAL_INVALID', `${pullRequest.branch} is at ${head ?? 'nothing'}, approved was ${expectedHead}`, {
    where: { branch: pullRequest.branch },
  });
}
