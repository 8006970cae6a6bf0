import { SelfhealError } from '@selfheal/contracts';
import { git, gitBytes } from '@selfheal/repository';

/** One file of a commit. `mode` is git's: 100644, 100755 (executable) or 120000 (symbolic link). */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
}

/** The files of a commit, paths from git's top level. Submodules are left out: their content is not in this repository. */
export async function listTree(top: string, commit: string): Promise<TreeEntry[]> {
  const output = await git(top, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const entries: TreeEntry[] = [];
  for (const record of output.split('\0')) {
    const match = /^(\d{6}) (\w+) ([0-9a-f]+)\t(.+)$/s.exec(record);
    const [, mode, type, oid, path] = match ?? [];
    if (type === 'blob' && mode !== undefined && oid !== undefined && path !== undefined) entries.push({ path, mode, oid });
  }
  return entries;
}

/** Raw contents by object id, as committed: no filter, no line-end conversion, no LFS. */
export async function readBlobs(top: string, oids: readonly string[]): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(oids)];
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  const output = await gitBytes(top, ['cat-file', '--batch'], { input: `${wanted.join('\n')}\n` });
  let at = 0;
  for (const oid of wanted) {
    const lineEnd = output.indexOf(0x0a, at);
    const size = Number(output.toString('utf8', at, lineEnd).split(' ')[2]);
    if (!Number.isInteger(size)) throw new SelfhealError('GIT_FAILED', `object ${oid} is missing`, { where: { root: top } });
    blobs.set(oid, output.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return blobs;
}
