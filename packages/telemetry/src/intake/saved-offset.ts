import type { Records } from '@selfheal/contracts';
import { openByteSource } from './byte-source.ts';
import { shownPath, statOf } from './discover.ts';
import { headBytes, identify } from './source-identity.ts';

/**
 * How far a plain log file has been read and stored, in bytes, with its size: what lies before the offset is in the lake for good.
 * `offset` is undefined where nothing of it was read yet; the whole where there is no such file.
 */
export async function savedOffsetOf(
  records: Records,
  log: { projectId: string; projectRoot: string; path: string },
): Promise<{ offset: number | undefined; size: number; inode: number } | undefined> {
  if ((await statOf(log.path)) === undefined) return undefined;
  const source = await openByteSource(log.path, 1);
  try {
    const { device, inode, size } = source;
    const path = shownPath(log.projectRoot, log.path);
    const offsets = await records.list('sourceOffset', { where: { projectId: log.projectId } });
    const known = identify(log.projectId, [{ path, device, inode, size, head: await source.head(headBytes) }], offsets).get(path);
    return { offset: known !== undefined && 'saved' in known ? known.saved.offset : undefined, size, inode };
  } finally {
    await source.close();
  }
}
