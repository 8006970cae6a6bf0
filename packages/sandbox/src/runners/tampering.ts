import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What decides about a run, as it lies on the disk before it: compare with a later look to see whether the run changed it. The time of
 * a file's last change (ctime) is set by the kernel alone, so that also a change that was put back is seen.
 */
export async function lookAt(root: string, files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const looks = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const found = await stat(join(root, file), { bigint: true }).catch(() => undefined);
      return [file, found === undefined ? 'absent' : `${found.ino} ${found.size} ${found.ctimeNs}`];
    }),
  );
  return new Map(looks);
}

/** Files that differ between two looks. */
export function changedSince(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([file, look]) => after.get(file) !== look).map(([file]) => file);
}
