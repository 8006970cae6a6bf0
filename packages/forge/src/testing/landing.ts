import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edit, PullRequest } from '@selfheal/contracts';
import { createBranch } from '../branch/create-branch.ts';
import { openRepository } from '../git/repository.ts';
import { type MergeRequest, mergePullRequest } from '../merge/merge-pull-request.ts';
import { commitPatch } from '../patch/commit-patch.ts';
import type { LockIntent } from '../worktree/index-lock.ts';

export interface Fix {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly base: string;
}

/** Branch and commit of a fix, and the pull request that a store would hold for it. */
export async function proposeFix(root: string, { name, edits, base }: Fix): Promise<PullRequest> {
  const repository = await openRepository(root);
  const branch = `selfheal/error-${name}`;
  await createBranch(repository, { name: branch, base });
  const { commit } = await commitPatch(repository, {
    branch,
    base,
    edits,
    subject: `Fix ${name}`,
    body: 'Why.',
    trailers: {},
    key: `${name}/commit`,
  });
  return { id: `pr-${name}`, number: 1, title: `Fix ${name}`, body: '', branch, baseBranch: 'main', head: commit, status: 'open' };
}

export function mergeOf(root: string, pullRequest: PullRequest, overrides: Partial<MergeRequest> = {}): MergeRequest {
  return {
    pullRequest,
    expectedHead: pullRequest.head,
    key: `${pullRequest.id}/merge`,
    message: `Merge ${pullRequest.branch}\n\nProved.`,
    dataDir: `${root}/.selfheal`,
    noCheckout: false,
    ...overrides,
  };
}

/** Ships a fix from its branch to its merge: what is killed and retried in tests. */
export async function landFix(root: string, fix: Fix): Promise<string> {
  const pullRequest = await proposeFix(root, fix);
  return (await mergePullRequest(await openRepository(root), mergeOf(root, pullRequest))).mergeCommit;
}

/** No process has this pid: it is beyond what Linux hands out. */
const DEAD_PID = 2 ** 22 + 1;

/** The index lock as a process of ours leaves it that died while it moved `main`. */
export async function leaveLock(root: string, intent: Pick<LockIntent, 'from' | 'to'> & Partial<LockIntent>): Promise<void> {
  const held: LockIntent = { selfheal: 'index-lock', pid: DEAD_PID, processStart: 1, takenAt: Date.now(), branch: 'main', ...intent };
  await writeFile(join(root, '.git/index.lock'), JSON.stringify(held));
}
