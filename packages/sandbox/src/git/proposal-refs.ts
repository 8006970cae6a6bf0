import { createHash } from 'node:crypto';
import type { Edit } from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { repositoryPlace } from './place.ts';

const FOLDER = 'refs/selfheal';
/** No validation lasts so long: a ref that is older was left by a process that died for good. */
const LEFT_AFTER_MS = 24 * 3_600_000;

/** A ref that keeps git from collecting the commit of a patch under validation: `refs/selfheal/<epoch ms>-<hash of the edits>`. */
interface ProposalRef {
  readonly name: string;
  readonly hash: string;
  /** Epoch ms; 0 where the name does not tell. */
  readonly madeAt: number;
}

/** Keeps `sha` until `dropProposal`, one ref for equal edits. Refs that were left a day ago or longer are removed on the way. */
export async function keepProposal(top: string, edits: readonly Edit[], sha: string, now = Date.now()): Promise<void> {
  const hash = hashOf(edits);
  const refs = await proposalRefs(top);
  const own = refs.find((ref) => ref.hash === hash && now - ref.madeAt <= LEFT_AFTER_MS);
  await git(top, ['update-ref', own?.name ?? `${FOLDER}/${now}-${hash}`, sha]);
  for (const ref of refs) if (ref !== own && now - ref.madeAt > LEFT_AFTER_MS) await git(top, ['update-ref', '-d', ref.name]);
}

/** Lets go of the commit of these edits: its verdict is stored, and nothing reads it any more. Fails with GIT_FAILED. */
export async function dropProposal({ root, edits }: { readonly root: string; readonly edits: readonly Edit[] }): Promise<void> {
  const { top } = await repositoryPlace(root);
  const hash = hashOf(edits);
  for (const ref of await proposalRefs(top)) if (ref.hash === hash) await git(top, ['update-ref', '-d', ref.name]);
}

async function proposalRefs(top: string): Promise<ProposalRef[]> {
  const names = (await git(top, ['for-each-ref', '--format=%(refname)', FOLDER])).split('\n').filter((name) => name !== '');
  return names.map((name) => {
    const [, madeAt = '0', hash = ''] = /\/(?:(\d+)-)?([0-9a-f]+)$/.exec(name) ?? [];
    return { name, hash, madeAt: Number(madeAt) };
  });
}

function hashOf(edits: readonly Edit[]): string {
  return createHash('sha256').update(JSON.stringify(edits)).digest('hex').slice(0, 32);
}
