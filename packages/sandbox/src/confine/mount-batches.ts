import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mount } from './plan.ts';

/** Mounts that one `mount --all` can make, and what must lie there before. Paths start with `/`, seen from the new root. */
export interface MountBatch {
  readonly folders: string[];
  readonly files: string[];
  /** Lines of fstab(5). */
  readonly table: string[];
  readonly links: { readonly target: string; readonly to: string }[];
}

/**
 * Orders mounts into as few batches as can be: one process for each mount would cost more than the run itself. A new batch begins where
 * something lies within a file system that the batch before has yet to mount. `root` is where the new root lies while it is built.
 */
export function mountBatches(mounts: readonly Mount[], root: string): MountBatch[] {
  const batches: MountBatch[] = [];
  let batch = emptyBatch();
  let mounted: string[] = [];
  const close = (): void => {
    batches.push(batch);
    batch = emptyBatch();
    mounted = [];
  };
  for (const mount of mounts) {
    if (mounted.some((path) => mount.to.startsWith(`${path}/`))) close();
    if (place(mount, batch, root)) mounted.push(mount.to);
  }
  close();
  return batches;
}

/** True where the step mounts something. */
function place(mount: Mount, { folders, files, table, links }: MountBatch, root: string): boolean {
  const at = fstabWord(root + mount.to);
  switch (mount.kind) {
    case 'folder':
      folders.push(mount.to);
      return false;
    case 'link':
      folders.push(dirname(mount.to));
      links.push({ target: mount.target, to: mount.to });
      return false;
    case 'memory':
      folders.push(mount.to);
      table.push(`tmpfs ${at} tmpfs size=${mount.bytes},mode=1777,nosuid,nodev 0 0`);
      return true;
    case 'read':
    case 'write': {
      // What lies below /proc is there already.
      if (mount.to.startsWith('/proc/')) undefined;
      else if (statSync(mount.from, { throwIfNoEntry: false })?.isDirectory()) folders.push(mount.to);
      else {
        folders.push(dirname(mount.to));
        files.push(mount.to);
      }
      // A read-only device file is of no use, so that /dev/null bound over a file hides it.
      table.push(`${fstabWord(mount.from)} ${at} none bind,nosuid,nodev${mount.kind === 'read' ? ',ro' : ''} 0 0`);
      return true;
    }
  }
}

function emptyBatch(): MountBatch {
  return { folders: [], files: [], table: [], links: [] };
}

/** Blanks, tabs, newlines and backslashes as octal numbers, as fstab(5) has it. */
function fstabWord(path: string): string {
  return path.replaceAll(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
