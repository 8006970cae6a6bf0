import { readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../confine/plan.ts';

const CACHE_BYTES = 256 << 20;

/**
 * Vite writes caches and its compiled configuration into node_modules, ava its cache. Each package stays read-only, but the folder around them
 * becomes one in memory: whatever is written there is gone after the run.
 */
export async function withWritableCaches(mounts: readonly Mount[], path: string): Promise<Mount[]> {
  const nearest = await nearestPackages(mounts, path);
  const opened: Mount[] = [];
  for (const mount of mounts) {
    if (mount !== nearest || mount.kind !== 'read') {
      opened.push(mount);
      continue;
    }
    opened.push({ kind: 'memory', to: mount.to, bytes: CACHE_BYTES });
    for (const entry of await readdir(mount.from, { withFileTypes: true })) {
      const [from, to] = [join(mount.from, entry.name), join(mount.to, entry.name)];
      if (entry.name.startsWith('.vite') || entry.name === '.cache') continue;
      // A link to a package of the workspace stays one, so that it leads to the checkout's copy.
      opened.push(entry.isSymbolicLink() ? { kind: 'link', target: await readlink(from), to } : { kind: 'read', from, to });
    }
  }
  return opened;
}

async function nearestPackages(mounts: readonly Mount[], path: string): Promise<Mount | undefined> {
  const own = join(path, 'node_modules');
  const direct = mounts.find((mount) => mount.kind === 'read' && mount.to === own);
  if (direct !== undefined) return direct;
  const target = await realpath(own).catch(() => undefined);
  const linked = mounts.find((mount) => mount.kind === 'read' && mount.to === target);
  if (linked !== undefined) return linked;
  const above = mounts.filter(
    (mount) => mount.kind === 'read' && mount.to.endsWith('/node_modules') && path.startsWith(mount.to.slice(0, -'node_modules'.length)),
  );
  return above.sort((a, b) => b.to.length - a.to.length)[0];
}
