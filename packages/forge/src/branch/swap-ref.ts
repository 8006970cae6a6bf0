import { SelfhealError } from '@selfheal/contracts';
import { gitFailed } from '@selfheal/repository';
import { branchHead, type Repository } from '../git/repository.ts';
import { updateRef } from './update-ref.ts';

export interface RefSwap {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  /** For the reflog. */
  readonly why: string;
}

/** Moves a branch by compare-and-swap. Fails with GIT_HEAD_MOVED where it is not at `from`. */
export async function swapRef(repository: Repository, { branch, from, to, why }: RefSwap): Promise<void> {
  const args = ['-m', why, `refs/heads/${branch}`, to, from];
  const { exitCode, stderr } = await updateRef(repository.root, args);
  if (exitCode === 0) return;
  const head = await branchHead(repository, branch);
  if (head === from) throw gitFailed(repository.root, ['update-ref', ...args], stderr);
  throw new SelfhealError('GIT_HEAD_MOVED', `${branch} is at ${head ?? 'nothing'}, expected ${from}`, {
    where: { repository: repository.root, branch },
  });
}
