import { access, mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';

export interface BuildFolder {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of selfheal's own state, and of what is kept of builds in it. */
  readonly dataDir: string;
  readonly folder: string;
}

/** Finds the workspace and the folder of what builds leave, made and kept out of git where it is new. Fails with REPO_MISSING. */
export async function openBuildFolder(repo: string, data: string | undefined): Promise<BuildFolder> {
  const root = await realpath(resolve(repo)).catch(() => {
    throw new SelfhealError('REPO_MISSING', `${resolve(repo)} does not exist`);
  });
  const dataDir = resolve(data ?? join(root, '.selfheal'));
  const folder = join(dataDir, 'build');
  if (await isThere(folder)) return { root, dataDir, folder };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { excludeFromGit } = await import('../project/exclude-from-git.ts');
  await excludeFromGit(root, dataDir);
  return { root, dataDir, folder };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
