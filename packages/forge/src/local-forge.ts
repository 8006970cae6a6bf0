import { join } from 'node:path';
import type { Forge, Records, Redaction, Sandbox, SelfhealConfig } from '@selfheal/contracts';
import { createBranch } from './branch/create-branch.ts';
import { defaultBranch } from './branch/default-branch.ts';
import { deployEnvironment } from './deploy/deploy-environment.ts';
import { runDeploy } from './deploy/run-deploy.ts';
import { openRepository, type Repository } from './git/repository.ts';
import { mergePullRequest } from './merge/merge-pull-request.ts';
import { revertMerge } from './merge/revert-merge.ts';
import { commitPatch } from './patch/commit-patch.ts';
import { getPullRequest, openPullRequest, type PullRequestStore, setPullRequestStatus } from './pull-request/pull-requests.ts';
import { runChecks } from './pull-request/run-checks.ts';
import { releaseContains } from './release/release-contains.ts';
import { finishAbandoned } from './worktree/finish-abandoned.ts';
import { uncommittedFiles } from './worktree/uncommitted.ts';

export interface LocalForgeOptions {
  /** The watched repository. */
  readonly root: string;
  /** Our own state: pull-request pages, deploy logs. */
  readonly dataDir: string;
  readonly projectId: string;
  readonly records: Records;
  readonly sandbox: Sandbox;
  readonly config: SelfhealConfig;
  /** Applied to what deploys and checks print, before it is stored or shown. */
  readonly redaction: Redaction;
  /** What deploy commands may be given a part of; ours by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The hosting provider that needs no host: git on this machine, pull requests as records. */
export function createLocalForge(options: LocalForgeOptions): Forge {
  return new LocalForge(options);
}

class LocalForge implements Forge {
  private readonly options: LocalForgeOptions;
  private readonly pullRequests: PullRequestStore;
  private opened: Promise<Repository> | undefined;
  /** Merges land one after the other, as in a merge train: each is checked on the base it lands on. */
  private landing: Promise<unknown> = Promise.resolve();

  constructor(options: LocalForgeOptions) {
    this.options = options;
    this.pullRequests = options;
  }

  async state(): ReturnType<Forge['state']> {
    const repository = await this.repository();
    const worktrees = await finishAbandoned(repository);
    const { branch, head } = await defaultBranch(repository);
    const worktree = worktrees.find((candidate) => candidate.branch === branch);
    if (worktree === undefined) return { branch, head, checkedOut: false, dirty: [] };
    const { tracked, untracked } = await uncommittedFiles(worktree, this.options.dataDir);
    return { branch, head, checkedOut: true, dirty: [...tracked, ...untracked] };
  }

  async createBranch(request: Parameters<Forge['createBranch']>[0]): ReturnType<Forge['createBranch']> {
    return createBranch(await this.repository(), request);
  }

  async commit(request: Parameters<Forge['commit']>[0]): ReturnType<Forge['commit']> {
    return commitPatch(await this.repository(), request);
  }

  openPullRequest(request: Parameters<Forge['openPullRequest']>[0]): ReturnType<Forge['openPullRequest']> {
    return openPullRequest(this.pullRequests, request);
  }

  getPullRequest(id: string): ReturnType<Forge['getPullRequest']> {
    return getPullRequest(this.pullRequests, id);
  }

  runChecks(request: Parameters<Forge['runChecks']>[0]): ReturnType<Forge['runChecks']> {
    return runChecks(this.options.sandbox, { ...request, head: request.pullRequest.head, redact: this.options.redaction({}) });
  }

  async merge(request: Parameters<Forge['merge']>[0]): ReturnType<Forge['merge']> {
    const repository = await this.repository();
    const { dataDir, config } = this.options;
    const merged = await this.inTurn(() => mergePullRequest(repository, { ...request, dataDir, noCheckout: config.policy.noCheckout }));
    await setPullRequestStatus(this.pullRequests, request.pullRequest.id, 'merged');
    return { mergeCommit: merged.mergeCommit, treeUpdated: merged.treeUpdated ?? (await this.treeIsClean()) };
  }

  async revert(request: Parameters<Forge['revert']>[0]): ReturnType<Forge['revert']> {
    const repository = await this.repository();
    const { branch } = await defaultBranch(repository);
    const { dataDir, config } = this.options;
    const reverted = await this.inTurn(() =>
      revertMerge(repository, { ...request, branch, dataDir, noCheckout: config.policy.noCheckout }),
    );
    return { revertCommit: reverted.revertCommit, treeUpdated: reverted.treeUpdated ?? (await this.treeIsClean()) };
  }

  async deploy(request: Parameters<Forge['deploy']>[0]): ReturnType<Forge['deploy']> {
    const { root, dataDir, config, env, redaction } = this.options;
    const own = { SELFHEAL_DEPLOY_KEY: request.key, SELFHEAL_COMMIT: request.commit };
    const variables = deployEnvironment(env ?? process.env, config.deploy.env, own);
    // The key of a deploy is no secret, whatever its name.
    const others = Object.fromEntries(Object.entries(variables).filter(([name]) => !Object.hasOwn(own, name)));
    return runDeploy({ ...request, root, logDir: join(dataDir, 'deploys'), env: variables, redact: redaction(others) });
  }

  async releaseContains(release: string, commit: string): Promise<boolean | undefined> {
    return releaseContains(await this.repository(), release, commit);
  }

  private repository(): Promise<Repository> {
    this.opened ??= openRepository(this.options.root).catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.landing.then(work, work);
    this.landing = turn.catch(() => undefined);
    return turn;
  }

  /** After a merge that had landed before: whether the tree where the branch is checked out stands at it. */
  private async treeIsClean(): Promise<boolean> {
    const repository = await this.repository();
    const worktrees = await finishAbandoned(repository);
    const { branch } = await defaultBranch(repository);
    const worktree = worktrees.find((candidate) => candidate.branch === branch);
    return worktree !== undefined && (await uncommittedFiles(worktree, this.options.dataDir)).tracked.length === 0;
  }
}
