import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, git, gitBytes } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import { conflictIn, tryMergeTrees } from './merge-trees.ts';

/** Files whose lines stand for themselves: an entry can go without the one beside it. */
const DOCUMENT = /\.(md|mdx|markdown|txt|rst|adoc)$|(^|\/)(changelog|changes|history|news)$/i;

/**
 * The tree of `head` without what `undone` brought: a merge with `undone` as base and its first parent as the other side, as `git revert
 * -m 1` does it. The base is given by a commit made for that; git 2.39 cannot be told one. In documents, where entries of several fixes
 * stand side by side, the lines that came are taken out wherever they stand. Fails with PATCH_CONFLICT.
 */
export async function treeWithout(repository: Repository, head: string, undone: string): Promise<string> {
  const before = await git(repository.root, ['rev-parse', `${undone}^1^{tree}`]);
  const inverse = await writeCommit(repository, { tree: before, parents: [undone], message: `The state before ${undone}\n` });
  const { tree, conflicts } = await tryMergeTrees(repository, head, inverse);
  if (conflicts.length === 0) return tree;
  const code = conflicts.filter((path) => !DOCUMENT.test(path));
  if (code.length > 0) throw conflictIn(repository, code);
  return withoutLines(repository, { tree, head, undone, documents: conflicts });
}

interface Undoing {
  readonly tree: string;
  readonly head: string;
  readonly undone: string;
  readonly documents: readonly string[];
}

/** The merged tree with each document as it is at the head, less the lines of the change, found without regard to those around them. */
async function withoutLines(repository: Repository, { tree, head, undone, documents }: Undoing): Promise<string> {
  const { root, commonDir } = repository;
  const index = join(commonDir, `selfheal-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(root, ['read-tree', tree], { env });
    for (const path of documents) {
      const atHead = await git(root, ['ls-tree', '-z', '--full-tree', head, '--', path]);
      await git(root, ['update-index', '-z', '--add', '--index-info'], { env, input: atHead });
      const change = await gitBytes(root, [
        'diff-tree',
        '-p',
        '--unified=0',
        '--no-ext-diff',
        '--no-renames',
        `${undone}^1`,
        undone,
        '--',
        `:/${path}`,
      ]);
      const undo = ['apply', '--cached', '--reverse', '--unidiff-zero', '--whitespace=nowarn', '-'];
      if ((await askGit(root, undo, { env, input: change })).exitCode !== 0) throw conflictIn(repository, [path]);
    }
    return await git(root, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}
