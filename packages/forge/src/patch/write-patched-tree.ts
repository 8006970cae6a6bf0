import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Edit, SelfhealError } from '@selfheal/contracts';
import { applyEdits, git, gitBytes } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';

const NEW_FILE = '100644';
const SYMLINK = '120000';

/** The tree of `base` with the edits applied, made through a temporary index. File modes are kept. Fails as applyEdits does. */
export async function writePatchedTree(repository: Repository, base: string, edits: readonly Edit[]): Promise<string> {
  const { root, prefix } = repository;
  const modes = await modesOf(repository, base, [...new Set(edits.map(({ file }) => prefix + file))]);
  const contents = await applyEdits(edits, async (file) => {
    const mode = modes.get(prefix + file);
    if (mode === undefined) return undefined;
    if (mode === SYMLINK) throw new SelfhealError('PATCH_FORBIDDEN', 'the file is a symbolic link', { where: { file } });
    return gitBytes(root, ['cat-file', 'blob', `${base}:${prefix}${file}`]);
  });
  const index = join(repository.commonDir, `selfheal-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(root, ['read-tree', base], { env });
    for (const [file, bytes] of contents) {
      const blob = await git(root, ['hash-object', '-w', '--no-filters', '--stdin'], { input: bytes });
      const entry = `${modes.get(prefix + file) ?? NEW_FILE} ${blob}\t${prefix}${file}\0`;
      await git(root, ['update-index', '-z', '--add', '--index-info'], { env, input: entry });
    }
    return await git(root, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

/** Modes of those paths (from git's top level) that the commit holds. */
async function modesOf(repository: Repository, commit: string, paths: readonly string[]): Promise<Map<string, string>> {
  const modes = new Map<string, string>();
  for (const path of paths) {
    const listed = await git(repository.root, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path]);
    const [mode, type] = listed.split(/[ \t]/, 2);
    if (mode !== undefined && type === 'blob') modes.set(path, mode);
  }
  return modes;
}
