import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Deployment, type PullRequest, type Records, SelfhealError } from '@selfheal/contracts';
import { oneLine, printable } from '../git/message.ts';

export interface PullRequestStore {
  readonly records: Records;
  readonly projectId: string;
  readonly dataDir: string;
}

export interface OpenRequest {
  readonly branch: string;
  readonly baseBranch: string;
  readonly head: string;
  readonly title: string;
  readonly body: string;
}

/**
 * Opens the pull request of a branch, or brings the one it has up to date. It is part of the branch's deployment record, and a Markdown
 * file for people. Fails with RECORD_MISSING where no deployment is on that branch.
 */
export async function openPullRequest(store: PullRequestStore, request: OpenRequest): Promise<PullRequest> {
  const opened = await store.records.transaction(async (records) => {
    const deployments = await records.list('deployment', { where: { projectId: store.projectId } });
    const own = newest(deployments.filter(({ branch }) => branch === request.branch));
    if (own === undefined)
      throw new SelfhealError('RECORD_MISSING', `no deployment is on the branch ${request.branch}`, { where: { kind: 'deployment' } });
    const pullRequest = draft(store, own.pullRequest ?? nextNumber(deployments), request);
    await records.put('deployment', { ...own, pullRequest });
    return pullRequest;
  });
  await writePage(store, opened);
  return opened;
}

export async function getPullRequest(store: PullRequestStore, id: string): Promise<PullRequest | undefined> {
  return (await deploymentOf(store, store.records, id))?.pullRequest;
}

/** Marks the pull request merged or closed, in the record and on its page. */
export async function setPullRequestStatus(store: PullRequestStore, id: string, status: PullRequest['status']): Promise<void> {
  const changed = await store.records.transaction(async (records) => {
    const own = await deploymentOf(store, records, id);
    if (own?.pullRequest === undefined) return undefined;
    const pullRequest = { ...own.pullRequest, status };
    await records.put('deployment', { ...own, pullRequest });
    return pullRequest;
  });
  if (changed !== undefined) await writePage(store, changed);
}

async function deploymentOf(store: PullRequestStore, records: Records, id: string): Promise<Deployment | undefined> {
  const deployments = await records.list('deployment', { where: { projectId: store.projectId } });
  return newest(deployments.filter(({ pullRequest }) => pullRequest?.id === id));
}

function draft(store: PullRequestStore, known: Pick<PullRequest, 'number'> & Partial<PullRequest>, request: OpenRequest): PullRequest {
  return {
    id: `pr-${known.number}`,
    number: known.number,
    url: pathToFileURL(pageOf(store, known.number)).href,
    title: oneLine(request.title),
    body: printable(request.body),
    branch: request.branch,
    baseBranch: request.baseBranch,
    head: request.head,
    status: known.head === request.head ? (known.status ?? 'open') : 'open',
  };
}

function nextNumber(deployments: readonly Deployment[]): { number: number } {
  return { number: 1 + Math.max(0, ...deployments.map(({ pullRequest }) => pullRequest?.number ?? 0)) };
}

function newest(deployments: readonly Deployment[]): Deployment | undefined {
  return [...deployments].sort((a, b) => b.createdAt - a.createdAt)[0];
}

function pageOf(store: PullRequestStore, number: number): string {
  return join(store.dataDir, 'pull-requests', `${number}.md`);
}

/** Written beside and renamed, so that a reader never sees half a page. */
async function writePage(store: PullRequestStore, pullRequest: PullRequest): Promise<void> {
  const { number, title, status, branch, baseBranch, head, body } = pullRequest;
  const page = `# #${number} ${title}\n\n${status}: \`${branch}\` into \`${baseBranch}\` at \`${head}\`\n\n${body.trim()}\n`;
  const file = pageOf(store, number);
  await mkdir(join(store.dataDir, 'pull-requests'), { recursive: true });
  await writeFile(`${file}.${process.pid}.next`, page);
  await rename(`${file}.${process.pid}.next`, file);
}
