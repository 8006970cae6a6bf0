import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Edit, SelfhealError } from '@selfheal/contracts';
import { applyEdits, git } from '@selfheal/repository';
import { repositoryPlace } from './place.ts';
import { keepProposal } from './proposal-refs.ts';
import { listTree, readBlobs } from './tree.ts';

export interface CommitEditsRequest {
  /** The watched repository; edits name files relative to it. */
  readonly root: string;
  readonly base: string;
  readonly edits: readonly Edit[];
}

/** Git's mode of a symbolic link. */
const LINK = '120000';
const AUTHOR = { name: 'selfheal', email: 'selfheal@localhost' };

/**
 * Commits edits on top of `base` into the object store alone: no branch, no working tree and no index of the user is touched. Author
 * and dates are fixed (the date is the base's), so that equal edits on an equal base give the equal sha. A ref under refs/selfheal/
 * keeps git from collecting it until `dropProposal`. Fails with PATCH_CONFLICT or PATCH_FORBIDDEN where the edits do not fit.
 */
export async function commitEdits({ root, base, edits }: CommitEditsRequest): Promise<string> {
  const { top, prefix } = await repositoryPlace(root);
  const baseSha = await git(top, ['rev-parse', '--verify', `${base}^{commit}`]);
  const entries = new Map((await listTree(top, baseSha)).map((entry) => [entry.path, entry]));
  const contents = await applyEdits(edits, async (file) => {
    const entry = entries.get(prefix + file);
    if (entry?.mode === LINK) throw new SelfhealError('PATCH_FORBIDDEN', 'a symbolic link is not edited', { where: { file } });
    return entry === undefined ? undefined : (await readBlobs(top, [entry.oid])).get(entry.oid);
  });
  const tree = await writeTree(top, baseSha, new Map([...contents].map(([file, bytes]) => [prefix + file, bytes])), entries);
  const date = await git(top, ['show', '-s', '--format=%ct +0000', baseSha]);
  const sha = await git(top, ['commit-tree', tree, '-p', baseSha], { input: 'Proposed fix, under validation\n', env: identity(date) });
  await keepProposal(top, edits, sha);
  return sha;
}

async function writeTree(
  top: string,
  base: string,
  contents: ReadonlyMap<string, Uint8Array>,
  entries: ReadonlyMap<string, { mode: string }>,
): Promise<string> {
  const index = join(tmpdir(), `selfheal-index-${process.pid}-${randomBytes(6).toString('hex')}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(top, ['read-tree', base], { env });
    for (const [path, bytes] of contents) {
      const oid = await git(top, ['hash-object', '-w', '--no-filters', '--stdin'], { input: bytes });
      await git(top, ['update-index', '--add', '--cacheinfo', `${entries.get(path)?.mode ?? '100644'},${oid},${path}`], { env });
    }
    return await git(top, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

function identity(date: string): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
    GIT_COMMITTER_DATE: date,
  };
}
